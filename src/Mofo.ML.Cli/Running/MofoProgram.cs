using System.CommandLine;
using Mofo.ML.Cli.Commands;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Output;
using Mofo.ML.Distributed;

namespace Mofo.ML.Cli.Running;

/// <summary>The whole program but its process: arguments and outputs in, exit code out.</summary>
internal static class MofoProgram
{
    /// <summary>The option that every command has.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the result as one JSON document; everything for people goes to the error output.", Recursive = true };

    /// <summary>The option that takes the settings of an earlier run.</summary>
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "Take arguments and options from this file, such as the run.json of an earlier run; what is given here wins.",
        HelpName = "file",
        Recursive = true,
    };

    /// <summary>The commands that several processes work on together, where mpirun started them; all others are the first process's alone.</summary>
    private static readonly HashSet<string> SharedCommands = ["detect", "pretrain", "finetune", "evaluate", "predict", "features"];

    /// <summary>Runs one command line.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter errors, CancellationToken cancel, MpiWorld? world = null)
    {
        var terminal = new Terminal(output, errors, json: false);
        try
        {
            var root = Root(command => parsed => world is { IsFirst: false } && !SharedCommands.Contains(parsed.CommandResult.Command.Name) ? ExitCodes.Ok : command(new CommandRun(parsed, terminal, cancel, world)));
            var parsed = Parse(args);
            if (parsed.GetValue(Config) is { } file)
            {
                parsed = Parse(RunConfig.Merge(file, args, parsed));
            }

            string[] problems = [.. new[] { UnknownOption.Problem(parsed) }.OfType<string>(), .. parsed.Errors.Select(error => error.Message).Distinct()];
            if (problems.Length > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            {
                Array.ForEach(problems, terminal.Fail);
                terminal.Advise($"See: {(parsed.CommandResult.Command is RootCommand ? "mofo" : $"mofo {parsed.CommandResult.Command.Name}")} --help");
                return ExitCodes.Usage;
            }

            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

            ParseResult Parse(string[] line)
            {
                var result = root.Parse(line);
                terminal = new Terminal(output, errors, bool.TryParse(GivenText.Of(result, Json), out var json) && json);
                return result;
            }
        }
        catch (Exception e)
        {
            var (code, message) = Failures.Describe(e);
            terminal.Fail(message);
            if (world is not null && !world.IsAgreed(e))
            {
                // The others work on, or wait for this process: they stop with its reason once it leaves.
                world.FailedFor = message;
            }

            return code;
        }
    }

    private static RootCommand Root(Func<Func<CommandRun, int>, Func<ParseResult, int>> bind)
    {
        var root = new RootCommand("Action recognition from video: motion detection, self-supervised pretraining (MOFO), finetuning, evaluation, ONNX.") { Json, Config };
        foreach (var shape in CommandList.All())
        {
            shape.Command.SetAction(bind(shape.Run));
            root.Add(shape.Command);
        }

        return root;
    }
}
