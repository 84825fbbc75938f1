using Microsoft.ML;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>Video to embedding: all tokens through the encoder, mean over tokens; the middle crop of one clip over the whole video.</summary>
internal sealed class FeatureStage(
    StageHost host, StageTask task, MofoRunOptions run, string outputColumn, VideoInputs inputs, MofoPretrainedTransformer owner, ViewScorer scorer, MaskedAutoencoder model, VitConfig config, Device device)
    : VideoStage<float[]>(host, task, run)
{
    public override VideoInputs Inputs => inputs;

    protected override IFrameAudience? NewAudience() => scorer.NewAudience(Run.VideoLimits);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [OutputColumn<float[]>.Vector(outputColumn, config.EmbedDim, PretrainedAnnotation.For(owner), features => features)];

    public override IEnumerable<float[]> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        scorer.Score(rows, pass, TorchViews.Rows(Embed)).Select(features => features ?? ViewMean.Missing(config.EmbedDim));

    private Tensor Embed(IReadOnlyList<ViewClip> views)
    {
        var pixels = PixelBatch.Stack([.. views.Select(view => view.Pixels)], config, device);
        return model.Encoder.call(SeenClips.Of(pixels, config.Input), null).mean([1], type: ScalarType.Float32); // [V,N,C] -> [V,C]
    }
}
