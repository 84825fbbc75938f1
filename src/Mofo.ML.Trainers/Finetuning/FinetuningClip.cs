using Mofo.ML.Trainers.Training;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>An augmented clip, the motion box of each frame in its own pixels, and its class.</summary>
internal sealed record FinetuningClip(string VideoPath, PixelBuffer Pixels, MotionBox[] Boxes, int Label) : ITrainingClip
{
    public void Dispose() => Pixels.Dispose();
}
