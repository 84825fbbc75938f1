using System.Security.Cryptography;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Training.Compute;

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
        var rows = VideoArguments.Rows(ml, view);
        run.RequireSame("list of videos", rows.SelectMany(row => new[] { row.VideoPath, row.Label }));
        run.RequireSame("model", run.IsShared ? Digests(model.Path) : []);
        return run.Watch(board =>
        {
            if (model.Transformer.GetOutputSchema(view.Schema).GetColumnOrNull(column) is null)
            {
                throw new UsageException($"{model.Path} {problem}.");
            }

            // Processes on one machine share its processors; ONNX Runtime has threads of its own.
            using var threads = run.World is { LocalSize: > 1 } world && !model.IsOnnx ? new ComputeThreads(world) : null;

            // Of several processes each is told about its own videos only; the number of the next one says how far all have come.
            model.Show(ml, run.IsShared ? null : ModelArgument.ProgressOn(board, stage, rows.Count));
            var result = read(run.Apply(model.Transformer, view, next => board.Tell(stage, (double)next / rows.Count, Invariant($"{next} of {rows.Count} videos"))));
            if (run.IsShared)
            {
                board.Tell(stage, 1, Invariant($"{rows.Count} videos"));
            }

            return result;
        });
    }

    /// <summary>What is in the files of a model.</summary>
    private static IEnumerable<string> Digests(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)] : [path];
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            yield return Convert.ToHexString(SHA256.HashData(stream));
        }
    }
}
