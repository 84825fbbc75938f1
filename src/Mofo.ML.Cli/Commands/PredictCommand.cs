using System.CommandLine;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>What happens in these videos?</summary>
internal static class PredictCommand
{
    public static CommandShape New()
    {
        var model = new ModelArgument([]);
        var videos = new VideoArguments();
        var output = new Option<string?>("--out") { Description = "A table of all scores.", HelpName = "file.csv|file.parquet" };
        var top = new Option<int>("--top") { Description = "Classes to show of each video. At least 1.", HelpName = "integer", DefaultValueFactory = _ => 3 };
        return CommandShape.Of(
            "predict", "Score videos with a classifier: the likeliest classes of each, and a table of all scores.",
            [model.Path, .. videos.Symbols, output, top, .. model.Options], run => Run(run, model, videos, run.Value(output), run.Value(top)));
    }

    private static int Run(CommandRun run, ModelArgument model, VideoArguments videos, string? output, int top)
    {
        TableFile.Check(output);
        if (top < 1)
        {
            throw new UsageException(Invariant($"--top is {top}; it must be at least 1."));
        }

        var ml = run.NewContext(gpu: run.Value(model.Gpu));
        var view = videos.Load(run, ml);
        using var loaded = model.Load(run, ml, view);
        var scored = Scoring.Read(run, ml, loaded, view, labelColumn: null);
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        if (output is not null)
        {
            TableFile.Save(scored, output);
        }

        var rows = scored.Rows.Select(row => (row.VideoPath, Classes: Best(scored, row, top))).ToList();
        run.Terminal.Table(["video", "likeliest", "probability", "next"], rows.Select(row => (IReadOnlyList<string>)
        [
            Path.GetFileName(row.VideoPath), row.Classes.Length > 0 ? row.Classes[0].Name : "cannot be read", row.Classes.Length > 0 ? Invariant($"{row.Classes[0].Score:0.000}") : "-",
            string.Join(", ", row.Classes.Skip(1).Select(c => Invariant($"{c.Name} {c.Score:0.000}"))),
        ]));
        var missing = scored.Rows.Count(row => row.IsMissing);
        run.Terminal.Say(Invariant($"{scored.Rows.Count} videos") + (missing > 0 ? Invariant($", {missing} cannot be read") : "") + (output is null ? "." : $"; all scores in {output}."));
        run.Terminal.Result(new { videos = rows.Select(row => new { path = row.VideoPath, label = row.Classes.FirstOrDefault()?.Name, classes = row.Classes }), missing, output });
        return missing == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static ClassScore[] Best(ScoredVideos scored, ScoredVideo row, int count) => row.IsMissing ? [] :
        [.. scored.Classes.Zip(row.Scores, (name, score) => new ClassScore(name, score)).OrderByDescending(c => c.Score).Take(count)];

    private sealed record ClassScore(string Name, double Score);
}
