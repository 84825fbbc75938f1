using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Video path in, picture of its motion map out.</summary>
internal sealed class MotionMapStage(StageHost host, string outputColumn, string inputColumn, MotionMapOptions options) : VideoStage<GrayPicture?>
{
    private readonly MotionDetector _detector = new(options.Detection, DeviceFlow.For(options.Detection, host), host.Warning);
    private readonly VideoWork _work = new(host, options.Detection, "Motion maps", "motion map");

    public override VideoInputs Inputs { get; } = new(inputColumn, null);

    public override IReadOnlyList<OutputColumn<GrayPicture?>> Outputs(DataViewSchema input) =>
        [new PictureColumn<GrayPicture?>(outputColumn, picture => picture)];

    public override IEnumerable<GrayPicture?> Compute(IEnumerable<VideoRow> rows) => _work.Run(rows, Draw);

    private GrayPicture Draw(VideoRow row, CancellationToken cancel)
    {
        var picture = new MotionMapPicture(options.Frame, options.FullScale);
        _detector.DetectFrames(row.Path, picture.Add, cancel);
        return picture.Finish();
    }
}
