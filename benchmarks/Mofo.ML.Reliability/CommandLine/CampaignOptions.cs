using System.CommandLine;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.CommandLine;

/// <summary>Options that all commands share.</summary>
internal static class CampaignOptions
{
    public static Option<string> Out { get; } = new("--out") { Description = "Folder for state, samples, findings and summary.md. What is there is continued.", DefaultValueFactory = _ => "reliability", Recursive = true };

    public static Option<int> Seed { get; } = new("--seed") { Description = "Decides about everything that is random.", DefaultValueFactory = _ => 1, Recursive = true };

    public static Option<string?> Videos { get; } = new("--videos") { Description = "Folder with real videos to damage beside the rendered ones." };

    public static Option<string> Service { get; } = new("--service") { Description = "ServeWithOnnx.dll; by default the one that was built with this program.", DefaultValueFactory = _ => BuiltService() };

    public static Campaign Of(ParseResult parsed)
    {
        var campaign = new Campaign(Path.GetFullPath(parsed.GetValue(Out)!), parsed.GetValue(Seed));
        Directory.CreateDirectory(campaign.Folder);
        return campaign;
    }

    private static string BuiltService()
    {
        // benchmarks/Mofo.ML.Reliability/bin/<configuration>/net10.0 -> examples/ServeWithOnnx/bin/<configuration>/net10.0
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.GetFullPath(Path.Combine(here.FullName, "..", "..", "..", "..", "..", "examples", "ServeWithOnnx", "bin", here.Parent!.Name, here.Name, "ServeWithOnnx.dll"));
    }
}
