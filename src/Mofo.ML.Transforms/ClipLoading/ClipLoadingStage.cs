using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.ClipLoading;

/// <summary>Video and boxes to the inputs of an exported model, one row with all test views for every video.</summary>
internal sealed class ClipLoadingStage(StageHost host, VideoInputs inputs, ScoringViews views, MofoClipLoadingOptions options)
    : VideoStage<ModelInputs>(host, new StageTask("Loading clips", "clips", options.OnBadVideo), options.Run)
{
    private readonly int[] _pixels = [views.Count, 3, views.Frames, views.ImageSize, views.ImageSize];
    private readonly int[] _boxes = [views.Count, views.Frames, 4];

    public override VideoInputs Inputs => inputs;

    public override IReadOnlyList<OutputColumn<ModelInputs>> Outputs(DataViewSchema input) =>
    [
        OutputColumn<ModelInputs>.Tensor(OnnxColumns.Clips, _pixels, row => row.Pixels),
        OutputColumn<ModelInputs>.Tensor(OnnxColumns.Boxes, _boxes, row => row.Boxes),
    ];

    public override IEnumerable<ModelInputs> Compute(IEnumerable<VideoRow> rows, StagePass pass)
    {
        var loader = new ViewLoader(views, options.DecodeThreadsInForce);
        foreach (var video in loader.Load(rows, pass, ahead: options.DecodeThreadsInForce + 1))
        {
            using (video)
            {
                yield return Pack(video.Views);
            }
        }
    }

    private ModelInputs Pack(IReadOnlyList<ViewClip> clips)
    {
        var packed = new ModelInputs(new float[Product(_pixels)], new float[Product(_boxes)]);
        if (clips.Count == 0)
        {
            // A video that could not be read: what is computed of it is no number either.
            Array.Fill(packed.Pixels, float.NaN);
        }

        for (var i = 0; i < clips.Count; i++)
        {
            clips[i].Values.CopyTo(packed.Pixels.AsSpan(i * (packed.Pixels.Length / views.Count)));
            clips[i].WriteBoxes(packed.Boxes.AsSpan(i * (packed.Boxes.Length / views.Count)));
        }

        return packed;
    }

    private static int Product(int[] shape) => shape.Aggregate((product, size) => checked(product * size));
}
