using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.Data.AnnotationUtils;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The annotations by which ML.NET's evaluator recognises a multiclass score column and what belongs to it.</summary>
internal static class ScoreColumns
{
    public const string SlotNames = Kinds.SlotNames;
    public const string KeyValues = Kinds.KeyValues;
    public const string TrainingLabelValues = Kinds.TrainingLabelValues;

    /// <summary>Adds what marks a column as part of a score set; <paramref name="valueKind"/> is one of <c>Score</c>, <c>PredictedLabel</c>.</summary>
    public static void Mark(DataViewSchema.Annotations.Builder builder, DataViewSchema input, string valueKind)
    {
        var set = input.GetMaxAnnotationKind(out _, Kinds.ScoreColumnSetId) + 1;
        builder.Add(Kinds.ScoreColumnSetId, ScoreColumnSetIdType, (ref uint value) => value = set);
        Text(builder, Kinds.ScoreColumnKind, Const.ScoreColumnKind.MulticlassClassification);
        Text(builder, Kinds.ScoreValueKind, valueKind);
    }

    /// <summary>The shape of the two output columns, for pipelines that are only planned.</summary>
    public static IReadOnlyList<SchemaShape.Column> Shapes(string score, string predicted, SchemaShape.Column label) =>
    [
        StageShapes.Vector(score, annotations: new SchemaShape(AnnotationsForMulticlassScoreColumn(label))),
        StageShapes.Key(predicted, new SchemaShape(GetTrainerOutputAnnotation()
            .Concat(label.Annotations.Where(a => a.Name == Kinds.KeyValues)))),
    ];

    /// <summary>The shape of a label column with values behind its key, for <see cref="Shapes"/> where there is no label.</summary>
    public static SchemaShape.Column LabelShape(PrimitiveDataViewType values) => StageShapes.Key(
        "Label", new SchemaShape([new SchemaShape.Column(Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, values, false)]));

    private static void Text(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
