using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.MotionStages;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Finds the area that moves in every video, also where the camera moves: optical flow, motion map, motion boxes (MOFO, section 3.1).</summary>
/// <remarks>
/// There is nothing to learn: fitting only checks the schema, and videos are read when the boxes are. The output column is a variable vector of Single: x1, y1, x2, y2
/// for every frame, in pixels of the source frame, half-open. <see cref="MotionDetectionOptions.MotionFoundColumnName"/> and
/// <see cref="MotionDetectionOptions.MotionStrengthColumnName"/> add what was found of each video as columns too.
/// </remarks>
public sealed class MotionDetectionEstimator : MofoEstimator<MotionDetectionTransformer>
{
    private readonly ColumnPairs _columns;
    private readonly MotionDetectionOptions _options;

    internal MotionDetectionEstimator(IHostEnvironment environment, ColumnPairs columns, MotionDetectionOptions? options)
        : base(environment)
    {
        _columns = columns;
        _options = (options ?? new MotionDetectionOptions()).Copy();
        _options.Validate();
        _options.ValidateColumns(columns.Count, columns.First.Output);
        OpenCvLibrary.Require();
    }

    private protected override MotionDetectionTransformer FitTo(IDataView input)
    {
        _columns.Check(input.Schema);
        return new MotionDetectionTransformer(Environment, _columns, _options);
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _columns.Check(input);
        return [.. _columns.Each(pair => StageShapes.Vector(pair.Output, variable: true)), .. MotionColumns.Shapes(_options)];
    }
}
