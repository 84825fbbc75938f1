using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Scores videos with an exported model on ONNX Runtime, in batches, all test views of a video: no libtorch is needed.</summary>
/// <remarks>There is nothing to learn: <see cref="Fit"/> checks the schema and loads the model.</remarks>
public sealed class MofoOnnxModelEstimator : IEstimator<MofoOnnxModelTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly OnnxModelFile _model;
    private readonly VideoInputs _inputs;
    private readonly MofoOnnxModelOptions _options;

    internal MofoOnnxModelEstimator(IHostEnvironment environment, string modelFile, string videoColumnName, string motionColumnName, MofoOnnxModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumnName);
        _options = (options ?? new MofoOnnxModelOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
        (_environment, _inputs, _model) = (environment, new VideoInputs(videoColumnName, motionColumnName), OnnxModelFile.Open(modelFile));
    }

    /// <summary>Checks the input schema and loads the model.</summary>
    /// <param name="input">A view with the video and motion columns.</param>
    /// <returns>The transformer; scoring happens when its output is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="InvalidOperationException"><c>MLContext.GpuDeviceId</c> names a GPU that ONNX Runtime cannot use, and <c>FallbackToCpu</c> is false.</exception>
    public MofoOnnxModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        return new MofoOnnxModelTransformer(_environment, _inputs, _model, _options);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns with <c>Score</c> and <c>PredictedLabel</c>, or, for an encoder, with <c>Features</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return _model.Facts.Classes is { } classes
            ? StageShapes.With(inputSchema, ScoreColumns.Shapes(ScoredRow.ScoreColumn, ScoredRow.PredictedColumn, ScoreColumns.LabelShape(classes.ItemType)))
            : StageShapes.With(inputSchema, StageShapes.Vector(OnnxFeatureStage.FeaturesColumn));
    }
}
