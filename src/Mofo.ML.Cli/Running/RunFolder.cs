using System.CommandLine;
using System.CommandLine.Parsing;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Output;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Cli.Running;

/// <summary>The folder of a run, and the record of its settings there.</summary>
/// <param name="run">What was given.</param>
/// <param name="folder">The folder; made by <see cref="Write"/>, so that a mistake in the command line leaves none behind.</param>
internal sealed class RunFolder(CommandRun run, string folder)
{
    /// <summary>Options whose values are paths: they are written in full, so that a run can be repeated from anywhere.</summary>
    private static readonly HashSet<string> Paths =
    [
        "--out", "--videos", "--classes", "--validation", "--test", "--table", "--cache-folder", "--initial-weights", "--clip-cache-folder", "--tensor-board-folder", "--class-names-path",
    ];

    public string Root { get; } = Path.GetFullPath(folder);

    /// <summary>The effective settings, by the names of their options; written by <see cref="Write"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private set; } = [];

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Writes run.json before the work begins.</summary>
    /// <param name="values">Values of the options classes, as they are used.</param>
    public void Write(IEnumerable<KeyValuePair<string, string>> values)
    {
        var command = run.Parsed.CommandResult.Command;
        var effective = new Dictionary<string, string>();
        foreach (var option in command.Options)
        {
            if (option is not System.CommandLine.Help.HelpOption && run.Parsed.GetResult(option) is { } result && result.GetValueOrDefault<object?>() is { } value)
            {
                effective[option.Name] = OptionText.Format(value);
            }
        }

        foreach (var (name, value) in values)
        {
            effective[name] = value;
        }

        Settings = [.. effective.Select(option => KeyValuePair.Create(option.Key, Paths.Contains(option.Key) && option.Value != OptionText.None ? Path.GetFullPath(option.Value) : option.Value))];

        // The address of a part of a video is made full like any path.
        var arguments = run.Parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => Path.GetFullPath(token.Value));
        if (!run.IsFirst)
        {
            return;
        }

        AtomicFile.WriteText(File(RunConfig.FileName), RunConfig.Write(command.Name, arguments, Settings, MofoEnvironment.Versions()));
    }

    /// <summary>Trains with the progress in view; where it is stopped, says how to go on.</summary>
    public T Train<T>(Func<ProgressBoard, T> work)
    {
        try
        {
            return run.Watch(work);
        }
        catch (Exception) when (run.Cancel.IsCancellationRequested)
        {
            run.Terminal.Advise($"The same command resumes from what is in {Root}.");
            throw;
        }
    }
}
