using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Video path in, boxes out: several videos at once, results in order.</summary>
internal sealed class DetectionStage(StageHost host, string outputColumn, string inputColumn, MotionDetectionOptions options) : VideoStage<float[]>
{
    private readonly MotionDetector _detector = new(options, DeviceFlow.For(options, host), host.Warning);
    private readonly VideoWork _work = new(host, options, "Motion detection", "motion boxes");
    private readonly KnownBoxes _known = new();

    public override VideoInputs Inputs { get; } = new(inputColumn, null);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [OutputColumn<float[]>.Vector(outputColumn, size: 0, annotations: null, boxes => boxes)];

    public override IEnumerable<float[]> Compute(IEnumerable<VideoRow> rows) => _work.Run(rows, Detect).Select(boxes => boxes ?? []);

    private float[] Detect(VideoRow row, CancellationToken cancel)
    {
        if (!_known.TryGet(row.Path, out var track))
        {
            track = _detector.Detect(row.Path, cancel);
            _known.Add(row.Path, track);
        }

        return track.ToValues(options.BoxMode);
    }
}
