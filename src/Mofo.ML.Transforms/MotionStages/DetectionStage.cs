using Microsoft.ML;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MotionStages;

/// <summary>Video path in, boxes out: several videos at once, results in order.</summary>
internal sealed class DetectionStage : VideoStage<DetectedMotion>
{
    private readonly string _outputColumn;
    private readonly MotionDetectionOptions _options;
    private readonly FlowMaker? _makeFlow;
    private readonly MemoryBoxCache _known = new();
    private volatile MotionDetector _detector;

    public DetectionStage(StageHost host, ColumnPair columns, MotionDetectionOptions options)
        : base(host, new StageTask("Motion detection", "motion boxes", options.OnBadVideo), options.Run)
    {
        (_outputColumn, _options, Inputs) = (columns.Output, options, columns.Inputs);
        _makeFlow = DeviceFlow.For(options, host);
        _detector = Detector(options.Run);
    }

    public override VideoInputs Inputs { get; }

    public override void Use(MofoRunOptions run)
    {
        base.Use(run);
        _detector = Detector(run);
    }

    public override IReadOnlyList<OutputColumn<DetectedMotion>> Outputs(DataViewSchema input) =>
        [OutputColumn<DetectedMotion>.Vector(_outputColumn, size: 0, annotations: null, motion => motion.Boxes), .. MotionColumns.Outputs(_options)];

    public override IEnumerable<DetectedMotion> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        VideoWork.Run(rows, pass, Detect, Environment.ProcessorCount, Environment.ProcessorCount + 1).Select(motion => motion ?? DetectedMotion.Skipped);

    private DetectedMotion Detect(VideoRow row, CancellationToken cancel)
    {
        var video = FileStamp.Of(row.Path);
        if (!_known.TryGet(video, out var track))
        {
            track = _detector.Detect(row.Path, cancel);
            _known.Add(video, track);
        }

        return DetectedMotion.Of(track, _options.BoxMode);
    }

    private MotionDetector Detector(MofoRunOptions run) => new(_options.For(run, Warning), _makeFlow, Remark);
}
