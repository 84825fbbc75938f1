using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Cuts all test views of a video as an exported model wants them, so that ML.NET's own <c>ApplyOnnxModel</c> can run it.</summary>
/// <remarks>There is nothing to learn: <see cref="Fit"/> checks the schema. No native library beside OpenCV's is needed.</remarks>
public sealed class MofoClipLoadingEstimator : IEstimator<MofoClipLoadingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly OnnxModelFacts _facts;
    private readonly VideoInputs _inputs;
    private readonly MofoClipLoadingOptions _options;

    internal MofoClipLoadingEstimator(IHostEnvironment environment, string modelFile, string videoColumnName, string motionColumnName, MofoClipLoadingOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumnName);
        _options = (options ?? new MofoClipLoadingOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
        (_environment, _inputs, _facts) = (environment, new VideoInputs(videoColumnName, motionColumnName), OnnxModelFile.ReadFacts(modelFile));
    }

    /// <summary>Checks the input schema.</summary>
    /// <param name="input">A view with the video and motion columns.</param>
    /// <returns>The transformer; videos are read when its output is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public MofoClipLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        return new MofoClipLoadingTransformer(_environment, _inputs, _facts.Views, _options);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns with <c>Clips</c> and <c>ClipBoxes</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return StageShapes.With(inputSchema, StageShapes.Vector(OnnxColumns.Clips), StageShapes.Vector(OnnxColumns.Boxes));
    }
}
