using Mofo.ML.Transforms.Clips;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Left becomes right. Not for classes that name a direction ("pushing something from left to right").</summary>
internal sealed class HorizontalFlip(double probability = 0.5) : IClipStep
{
    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        if (!random.Chance(probability))
        {
            return clip;
        }

        if (clip.Edited(new FlipEdit()) is { } there)
        {
            clip = there;
        }
        else
        {
            using var frames = ClipMat.Of(clip);
            Cv2.Flip(frames.All, frames.All, FlipMode.Y);
        }

        for (var i = 0; i < clip.Length; i++)
        {
            var box = clip.Boxes[i];
            clip.Boxes[i] = box.IsEmpty ? box : box with { X1 = clip.Width - box.X2, X2 = clip.Width - box.X1 };
        }

        return clip;
    }
}
