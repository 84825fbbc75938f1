using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Scoring;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Views through a classifier: the softmax of every view.</summary>
internal sealed class ClassProbabilities(VideoClassifier model, VitConfig config, Device device)
{
    /// <summary>[V,K] float32, in the caller's scope.</summary>
    public Tensor Of(IReadOnlyList<ViewClip> views)
    {
        var pixels = PixelBatch.Stack([.. views.Select(view => view.Pixels)], config, device);
        var inside = TokenRegions.Of(config, [.. views.Select(view => view.Boxes)], device);
        return model.call(SeenClips.Of(pixels, config.Input), inside).to(ScalarType.Float32).softmax(-1);
    }
}
