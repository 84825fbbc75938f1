using Microsoft.ML;

namespace ActionRecognition.Evaluation;

/// <summary>What the pipeline says of a clip.</summary>
internal sealed class ScoredClip
{
    public string VideoPath { get; set; } = "";

    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];

    /// <summary>Runs a model over clips.</summary>
    public static ScoredClip[] All(MLContext ml, ITransformer model, IDataView clips) =>
        [.. ml.Data.CreateEnumerable<ScoredClip>(model.Transform(clips), reuseRowObject: false)];
}
