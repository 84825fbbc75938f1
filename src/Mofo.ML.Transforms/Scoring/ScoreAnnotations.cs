using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Annotations of the classifier's output columns: class names as slot names and key values.</summary>
internal static class ScoreAnnotations
{
    public static DataViewSchema.Annotations Scores(DataViewSchema input, ClassNames classes)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ScoreColumns.Mark(builder, input, "Score");
        classes.AddText(builder, ScoreColumns.SlotNames);
        classes.AddTo(builder, ScoreColumns.TrainingLabelValues);
        return builder.ToAnnotations();
    }

    public static DataViewSchema.Annotations Predicted(DataViewSchema input, ClassNames classes)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ScoreColumns.Mark(builder, input, "PredictedLabel");
        classes.AddTo(builder, ScoreColumns.KeyValues);
        return builder.ToAnnotations();
    }
}
