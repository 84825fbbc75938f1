using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>One test view of a video, ready for the network: pixels, and the motion box of each frame in crop pixels.</summary>
internal sealed record ViewClip(IClipPixels Pixels, MotionBox[] Boxes) : IDisposable
{
    /// <summary>The normalised pixels, [3,T,H,W] float32, of a view that was made for a CPU.</summary>
    public Span<float> Values => ((PixelBuffer)Pixels).Values;

    /// <summary>x1, y1, x2, y2 of every frame; zeros where no box is known.</summary>
    public void WriteBoxes(Span<float> target)
    {
        for (var frame = 0; frame < Boxes.Length; frame++)
        {
            var box = Boxes[frame];
            (target[4 * frame], target[(4 * frame) + 1], target[(4 * frame) + 2], target[(4 * frame) + 3]) = (box.X1, box.Y1, box.X2, box.Y2);
        }
    }

    public void Dispose() => Pixels.Dispose();
}
