using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>Passes videos through a model, with the progress in view.</summary>
internal static class Scoring
{
    private const string Score = "Score", Features = "Features";

    /// <summary>The scores of a classifier.</summary>
    /// <exception cref="UsageException">The model is no classifier.</exception>
    public static ScoredVideos Read(CommandRun run, MLContext ml, LoadedModel model, IDataView view, string? labelColumn) =>
        Pass(run, ml, model, view, "scoring", Score, "is no classifier; pretrained encoders give features: mofo features", scored => ScoredVideos.Read(scored, labelColumn));

    /// <summary>The feature vectors of an encoder.</summary>
    /// <exception cref="UsageException">The model gives none.</exception>
    public static VideoFeatures ReadFeatures(CommandRun run, MLContext ml, LoadedModel model, IDataView view) =>
        Pass(run, ml, model, view, "encoding", Features, "gives no features; pretrained encoders and published weights do", scored => VideoFeatures.Read(scored));

    private static T Pass<T>(CommandRun run, MLContext ml, LoadedModel model, IDataView view, string stage, string column, string problem, Func<IDataView, T> read)
    {
        var count = VideoArguments.Rows(ml, view).Count;
        return run.Watch(board =>
        {
            model.Show(ml, ModelArgument.ProgressOn(board, stage, count));
            var scored = model.Transformer.Transform(view);
            return scored.Schema.GetColumnOrNull(column) is not null ? read(scored) : throw new UsageException($"{model.Path} {problem}.");
        });
    }
}
