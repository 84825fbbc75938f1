namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>A row of the whole chain's output.</summary>
public sealed class Scored
{
    public string VideoPath { get; set; } = "";

    public float[] MotionBoxes { get; set; } = [];

    public float[] Features { get; set; } = [];

    public float[] Score { get; set; } = [];

    public string PredictedLabel { get; set; } = "";
}

/// <summary>What a prediction engine is given.</summary>
public sealed class Query
{
    public string VideoPath { get; set; } = "";

    public string Label { get; set; } = "";
}
