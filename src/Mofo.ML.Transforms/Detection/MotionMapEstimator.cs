using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Gives the motion map of every video as an ML.NET image: bright where something moves against its surroundings.</summary>
/// <remarks>
/// There is nothing to learn: <see cref="Fit"/> only checks the schema. The output column holds an <see cref="MLImage"/>: grey (blue, green and red are equal),
/// opaque, at half the size at which the flow is computed (<see cref="MotionDetectionOptions.FlowShortSide"/>), at the whole where that has a side below 160 pixels
/// or <see cref="MotionDetectionOptions.ReleaseCompatible"/> is set. A skipped video has no image (null).
/// </remarks>
public sealed class MotionMapEstimator : IEstimator<MotionMapTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _outputColumn;
    private readonly VideoInputs _inputs;
    private readonly MotionMapOptions _options;

    internal MotionMapEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName, MotionMapOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        (_environment, _outputColumn, _inputs) = (environment, outputColumnName, new VideoInputs(inputColumnName, null));
        _options = (options ?? new MotionMapOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
    }

    /// <summary>Checks the input schema and returns the transformer.</summary>
    /// <param name="input">A view with the video column (text).</param>
    /// <returns>The transformer; detection happens when its output is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public MotionMapTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        return new MotionMapTransformer(_environment, _outputColumn, _inputs.Video, _options);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns and the image column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return StageShapes.With(inputSchema, StageShapes.Picture(_outputColumn));
    }
}
