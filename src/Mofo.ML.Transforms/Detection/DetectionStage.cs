using Microsoft.ML;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Video path in, boxes out: several videos at once, results in order.</summary>
internal sealed class DetectionStage : VideoStage<float[]>
{
    private readonly string _outputColumn;
    private readonly MotionDetectionOptions _options;
    private readonly FlowMaker? _makeFlow;
    private readonly MemoryBoxCache _known = new();
    private volatile MotionDetector _detector;

    public DetectionStage(StageHost host, string outputColumn, string inputColumn, MotionDetectionOptions options)
        : base(host, new StageTask("Motion detection", "motion boxes", options.OnBadVideo), options.Run)
    {
        (_outputColumn, _options, Inputs) = (outputColumn, options, new VideoInputs(inputColumn, null));
        _makeFlow = DeviceFlow.For(options, host);
        _detector = Detector(options.Run);
    }

    public override VideoInputs Inputs { get; }

    public override void Use(MofoRunOptions run)
    {
        base.Use(run);
        _detector = Detector(run);
    }

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [OutputColumn<float[]>.Vector(_outputColumn, size: 0, annotations: null, boxes => boxes)];

    public override IEnumerable<float[]> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        VideoWork.Run(rows, pass, Detect, Environment.ProcessorCount, Environment.ProcessorCount + 1).Select(boxes => boxes ?? []);

    private float[] Detect(VideoRow row, CancellationToken cancel)
    {
        var video = FileStamp.Of(row.Path);
        if (!_known.TryGet(video, out var track))
        {
            track = _detector.Detect(row.Path, cancel);
            _known.Add(video, track);
        }

        return track.ToValues(_options.BoxMode);
    }

    private MotionDetector Detector(MofoRunOptions run) => new(_options.For(run, Warning), _makeFlow, Remark);
}
