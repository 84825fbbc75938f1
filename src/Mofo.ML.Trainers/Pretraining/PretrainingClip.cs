using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>A cropped clip, its mask, and which of its tubes lie in the motion box.</summary>
internal sealed record PretrainingClip(string VideoPath, IClipPixels Pixels, TubeMask Mask, bool[] InBox) : ITrainingClip
{
    public void Dispose() => Pixels.Dispose();
}
