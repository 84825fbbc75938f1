using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>What the classifier says of a row: probabilities per class, and the best class as a key (from 1; 0 for a video that could not be read).</summary>
internal readonly record struct ScoredRow(float[] Scores, uint Predicted)
{
    public const string ScoreColumn = "Score";
    public const string PredictedColumn = "PredictedLabel";

    /// <summary>The two columns with all that ML.NET's evaluator asks of them.</summary>
    public static IReadOnlyList<OutputColumn<ScoredRow>> Columns(DataViewSchema input, ClassNames classes) =>
    [
        OutputColumn<ScoredRow>.Vector(ScoreColumn, classes.Count, ScoreAnnotations.Scores(input, classes), row => row.Scores),
        OutputColumn<ScoredRow>.Key(PredictedColumn, classes.Count, ScoreAnnotations.Predicted(input, classes), row => row.Predicted),
    ];

    /// <summary>The row of these probabilities; null, or any that is not a number, stands for a video that could not be read.</summary>
    public static ScoredRow Of(float[]? scores, int classes)
    {
        if (scores is null || Array.Exists(scores, float.IsNaN))
        {
            return new ScoredRow(ViewMean.Missing(classes), 0);
        }

        return new ScoredRow(scores, (uint)System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores) + 1);
    }
}
