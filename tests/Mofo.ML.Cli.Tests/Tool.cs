using System.Text.Json.Nodes;
using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli.Tests;

/// <summary>The program, run within the test's process.</summary>
internal static class Tool
{
    public static Outcome Run(params string[] args) => Run(CancellationToken.None, args);

    public static Outcome Run(CancellationToken cancel, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = MofoProgram.Run(args, output, errors, cancel);
        return new Outcome(code, output.ToString(), errors.ToString());
    }

    /// <summary>Runs with --json and expects success.</summary>
    public static JsonNode Json(params string[] args)
    {
        var outcome = Run([.. args, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        return JsonNode.Parse(outcome.Output)!;
    }

    internal sealed record Outcome(int ExitCode, string Output, string Errors);
}
