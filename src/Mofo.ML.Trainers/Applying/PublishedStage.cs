using Microsoft.ML;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Applying;

/// <summary>What a published network says of a video: its features and, with a head, its scores.</summary>
internal readonly record struct PublishedRow(float[] Features, ScoredRow Scored);

/// <summary>Video and boxes to features and class probabilities, averaged over the views.</summary>
internal sealed class PublishedStage(
    StageHost host, StageTask task, MofoRunOptions run, VideoInputs inputs, PublishedShape shape, ClassNames? classes, ViewScorer scorer, PublishedNetwork network, Device device)
    : VideoStage<PublishedRow>(host, task, run)
{
    public const string FeaturesColumn = "Features";

    private readonly int _width = shape.Size.EmbedDim;

    public override VideoInputs Inputs => inputs;

    protected override IFrameAudience? NewAudience() => scorer.NewAudience(Run.VideoLimits);

    public override IReadOnlyList<OutputColumn<PublishedRow>> Outputs(DataViewSchema input) =>
    [
        OutputColumn<PublishedRow>.Vector(FeaturesColumn, _width, null, row => row.Features),
        .. classes is null ? [] : ScoredRow.Columns<PublishedRow>(input, classes, row => row.Scored),
    ];

    public override IEnumerable<PublishedRow> Compute(IEnumerable<VideoRow> rows, StagePass pass) => scorer.Score(rows, pass, TorchViews.Rows(Apply)).Select(Split);

    private PublishedRow Split(float[]? values)
    {
        var count = classes?.Count ?? 0;
        return values is null
            ? new PublishedRow(ViewMean.Missing(_width), ScoredRow.Of(null, count))
            : new PublishedRow(values[.._width], count == 0 ? default : ScoredRow.Of(values[_width..], count));
    }

    private Tensor Apply(IReadOnlyList<ViewClip> views)
    {
        var pixels = PixelBatch.Stack([.. views.Select(view => view.Pixels)], shape.Size, device);
        var inside = shape.Fusion.UsesMotionBoxes() ? TokenRegions.Of(shape.Size, [.. views.Select(view => view.Boxes)], device) : null;
        return network.call(SeenClips.Of(pixels, shape.Size.Input), inside); // [V,C+K]
    }
}
