using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>What the classifier says of a row: probabilities per class, and the best class as a key (from 1; 0 for a video that could not be read).</summary>
internal readonly record struct ScoredRow(float[] Scores, uint Predicted)
{
    public const string ScoreColumn = "Score";
    public const string PredictedColumn = "PredictedLabel";

    /// <summary>Shapes of the two columns, for pipelines that are only planned.</summary>
    public static IReadOnlyList<SchemaShape.Column> Shapes(SchemaShape.Column label) => ScoreColumns.Shapes(ScoreColumn, PredictedColumn, label);

    /// <inheritdoc cref="Shapes(SchemaShape.Column)"/>
    public static IReadOnlyList<SchemaShape.Column> Shapes(ClassNames classes) => Shapes(ScoreColumns.LabelShape(classes.ItemType));

    /// <summary>The two columns with all that ML.NET's evaluator asks of them.</summary>
    public static IReadOnlyList<OutputColumn<ScoredRow>> Columns(DataViewSchema input, ClassNames classes) => Columns<ScoredRow>(input, classes, row => row);

    /// <summary>The same of a stage that computes more than scores.</summary>
    public static IReadOnlyList<OutputColumn<TResult>> Columns<TResult>(DataViewSchema input, ClassNames classes, Func<TResult, ScoredRow> scored) =>
    [
        OutputColumn<TResult>.Vector(ScoreColumn, classes.Count, ScoreAnnotations.Scores(input, classes), row => scored(row).Scores),
        OutputColumn<TResult>.Key(PredictedColumn, classes.Count, ScoreAnnotations.Predicted(input, classes), row => scored(row).Predicted),
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
