using Microsoft.ML;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.MotionStages;

/// <summary>Video path in, picture of its motion map out.</summary>
internal sealed class MotionMapStage : VideoStage<GrayPicture?>
{
    private readonly string _outputColumn;
    private readonly MotionMapOptions _options;
    private readonly FlowMaker? _makeFlow;
    private volatile MotionDetector _detector;

    public MotionMapStage(StageHost host, ColumnPair columns, MotionMapOptions options)
        : base(host, new StageTask("Motion maps", "motion map", options.Detection.OnBadVideo), options.Detection.Run)
    {
        (_outputColumn, _options, Inputs) = (columns.Output, options, columns.Inputs);
        _makeFlow = DeviceFlow.For(options.Detection, host);
        _detector = Detector(options.Detection.Run);
    }

    public override VideoInputs Inputs { get; }

    public override void Use(MofoRunOptions run)
    {
        base.Use(run);
        _detector = Detector(run);
    }

    public override IReadOnlyList<OutputColumn<GrayPicture?>> Outputs(DataViewSchema input) =>
        [new PictureColumn<GrayPicture?>(_outputColumn, picture => picture)];

    public override IEnumerable<GrayPicture?> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        VideoWork.Run(rows, pass, Draw, Environment.ProcessorCount, Environment.ProcessorCount + 1);

    private GrayPicture Draw(VideoRow row, CancellationToken cancel)
    {
        var picture = new MotionMapPicture(_options.Frame, _options.FullScale);
        _detector.DetectMaps(row.Path, picture.Add, cancel);
        return picture.Finish();
    }

    private MotionDetector Detector(MofoRunOptions run) => new(_options.Detection.For(run, Warning), _makeFlow, Remark);
}
