using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>One test view of a video, ready for the network: pixels, and the motion box of each frame in crop pixels.</summary>
internal sealed record ViewClip(PixelBuffer Pixels, MotionBox[] Boxes) : IDisposable
{
    public void Dispose() => Pixels.Dispose();
}
