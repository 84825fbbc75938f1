using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>An augmented clip, the motion box of each frame in its own pixels, its class, and how much it counts (1 on average).</summary>
internal sealed record FinetuningClip(string VideoPath, IClipPixels Pixels, MotionBox[] Boxes, int Label, float Weight = 1) : ITrainingClip
{
    public void Dispose() => Pixels.Dispose();
}
