using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Brightness, contrast and saturation of a clip on a device, rounded as <see cref="ToneOperations"/> rounds.</summary>
internal static class DeviceTones
{
    /// <summary>[T,H,W,3] float32 in whole values from 0 to 255, to the same.</summary>
    public static Tensor Apply(Tensor frames, ToneEdit edit)
    {
        using var scope = NewDisposeScope();
        using Scalar factor = edit.Factor.ToScalar(), rest = (1 - edit.Factor).ToScalar();
        var changed = frames.mul(factor);
        if (edit.Tone != Tone.Brightness)
        {
            var luma = tensor(Array.ConvertAll(ToneOperations.Luma, value => (float)value)).SentTo(frames.device);
            var neutral = edit.Tone == Tone.Contrast
                ? (frames.mean([1, 2], keepdim: true) * luma).sum(-1, keepdim: true).round_() // [T,1,1,1]
                : (frames * luma).sum(-1, keepdim: true); // [T,H,W,1]
            changed = changed.Plus(neutral.mul(rest));
        }

        return changed.round_().clamp_(KeptScalar.Of(0.0), KeptScalar.Of(255.0)).MoveToOuterDisposeScope();
    }
}
