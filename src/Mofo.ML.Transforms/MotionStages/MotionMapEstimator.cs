using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Gives the motion map of every video as an ML.NET image: bright where something moves against its surroundings.</summary>
/// <remarks>
/// There is nothing to learn: fitting only checks the schema, and videos are read when the images are. The output column holds an <see cref="MLImage"/>: grey (blue, green
/// and red are equal), opaque, at half the size at which the flow is computed (<see cref="MotionDetectionOptions.FlowShortSide"/>), at the whole where that has a side below
/// 160 pixels or <see cref="MotionDetectionOptions.ReleaseCompatible"/> is set. A skipped video has no image (null).
/// </remarks>
public sealed class MotionMapEstimator : MofoEstimator<MotionMapTransformer>
{
    private readonly ColumnPairs _columns;
    private readonly MotionMapOptions _options;

    internal MotionMapEstimator(IHostEnvironment environment, ColumnPairs columns, MotionMapOptions? options)
        : base(environment)
    {
        _columns = columns;
        _options = (options ?? new MotionMapOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
    }

    private protected override MotionMapTransformer FitTo(IDataView input)
    {
        _columns.Check(input.Schema);
        return new MotionMapTransformer(Environment, _columns, _options);
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _columns.Check(input);
        return _columns.Each(pair => StageShapes.Picture(pair.Output));
    }
}
