using System.CommandLine;
using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli.Commands;

/// <summary>A vector for each video, for searching, clustering or another learner.</summary>
internal static class FeaturesCommand
{
    public static CommandShape New()
    {
        var model = new ModelArgument([]);
        var videos = new VideoArguments();
        var output = new Option<string>("--out") { Description = "The table: path, label, one column per value.", HelpName = "file.csv|file.parquet", DefaultValueFactory = _ => "features.csv" };
        return CommandShape.Of(
            "features", "Write the feature vector of each video: the mean of an encoder's tokens.",
            [model.Path, .. videos.Symbols, output, .. model.Options], run => Run(run, model, videos, run.Value(output)!));
    }

    private static int Run(CommandRun run, ModelArgument model, VideoArguments videos, string output)
    {
        TableFile.Check(output);
        var ml = run.NewContext(gpu: run.Value(model.Gpu));
        var view = videos.Load(run, ml);
        using var loaded = model.Load(run, ml, view);
        var features = Scoring.ReadFeatures(run, ml, loaded, view);
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        TableFile.Save(output, features.SaveCsv, features.SaveParquet);
        run.Terminal.Say(Invariant($"{features.Count} vectors of {features.Size} values in {output}") + (features.Missing > 0 ? Invariant($"; {features.Missing} videos cannot be read.") : "."));
        run.Terminal.Result(new { videos = features.Count, size = features.Size, missing = features.Missing, output });
        return features.Missing == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
