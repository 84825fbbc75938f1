using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli.Commands;

/// <summary>The videos that a command works on: its arguments, and how lists among them are read.</summary>
internal sealed class VideoArguments
{
    public Argument<string[]> Paths { get; } = new("videos")
    {
        Description = "Video files, folders with videos, folders with one folder per class, folders with one image per frame, lists (path label on each line; .csv, .txt, .tsv), or parts of videos (clip.mp4#t=12.5,15).",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Folder { get; } = new("--videos") { Description = "Folder that relative paths of lists start from. [default: the folder of the list]", HelpName = "folder" };

    public Option<string?> Classes { get; } = new("--classes") { Description = "File of class names, one per line; labels of lists that are line numbers (from 0) become names.", HelpName = "file" };

    public IEnumerable<Symbol> Symbols => [Paths, Folder, Classes];

    /// <summary>The columns VideoPath and Label.</summary>
    public IDataView Load(CommandRun run, MLContext ml) => Load(run, ml, run.Value(Paths));

    /// <summary>The same for videos that another option names.</summary>
    /// <exception cref="UsageException">There is no such file or folder.</exception>
    public IDataView Load(CommandRun run, MLContext ml, params string[] paths)
    {
        try
        {
            return ml.Data.LoadVideos(paths, run.Value(Folder), run.Value(Classes));
        }
        catch (FileNotFoundException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The videos of a view, as rows.</summary>
    public static IReadOnlyList<VideoRow> Rows(MLContext ml, IDataView view) => [.. ml.Data.CreateEnumerable<VideoRow>(view, reuseRowObject: false)];
}

/// <summary>A video as the lists name it.</summary>
internal sealed class VideoRow
{
    public string VideoPath { get; set; } = "";

    public string Label { get; set; } = "";
}
