using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Finds the area that moves in every video, whatever the camera does: optical flow, motion map, motion boxes (MOFO, section 3.1).</summary>
/// <remarks>
/// There is nothing to learn: <see cref="Fit"/> only checks the schema. The output column is a variable vector of Single: x1, y1, x2, y2
/// for every frame, in pixels of the source frame, half-open.
/// </remarks>
public sealed class MotionDetectionEstimator : IEstimator<MotionDetectionTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _outputColumn;
    private readonly VideoInputs _inputs;
    private readonly MotionDetectionOptions _options;

    internal MotionDetectionEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName, MotionDetectionOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        (_environment, _outputColumn, _inputs) = (environment, outputColumnName, new VideoInputs(inputColumnName, null));
        _options = (options ?? new MotionDetectionOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
    }

    /// <summary>Checks the input schema and returns the transformer.</summary>
    /// <param name="input">A view with the video column (text).</param>
    /// <returns>The transformer; detection happens when its output is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public MotionDetectionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        return new MotionDetectionTransformer(_environment, _outputColumn, _inputs.Video, _options);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns and the box column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return StageShapes.With(inputSchema, StageShapes.Vector(_outputColumn, variable: true));
    }
}
