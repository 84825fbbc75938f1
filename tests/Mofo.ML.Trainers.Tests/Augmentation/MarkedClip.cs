using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

/// <summary>A black clip with one white rectangle, and the way to find it again after pixels were moved.</summary>
internal static class MarkedClip
{
    private const int White = 200; // brighter than the fill of 128, and than half of what interpolation leaves at an edge

    public static Clip Make(int width, int height, MotionBox box, int frames = 2)
    {
        var clip = new Clip(frames, width, height);
        clip.Pixels.Clear();
        for (var t = 0; t < frames; t++)
        {
            clip.Boxes[t] = box;
            for (var y = (int)box.Y1; y < (int)box.Y2; y++)
            {
                clip.Frame(t).Slice(((y * width) + (int)box.X1) * 3, (int)box.Width * 3).Fill(255);
            }
        }

        return clip;
    }

    /// <summary>The box around all white pixels of a frame.</summary>
    public static MotionBox Find(Clip clip, int frame)
    {
        var found = MotionBox.Empty;
        for (var y = 0; y < clip.Height; y++)
        {
            for (var x = 0; x < clip.Width; x++)
            {
                if (clip.Frame(frame)[((y * clip.Width) + x) * 3] > White)
                {
                    found = found.Union(new(x, y, x + 1, y + 1));
                }
            }
        }

        return found;
    }

    /// <summary>Fails unless pixels and box of every frame tell of the same place, within so many pixels at each side.</summary>
    public static void AssertBoxesFollow(Clip clip, float tolerance)
    {
        for (var t = 0; t < clip.Length; t++)
        {
            var (found, box) = (Find(clip, t), clip.Boxes[t]);
            if (found.IsEmpty || box.IsEmpty)
            {
                // A sliver at the edge may be too thin to see.
                var other = found.IsEmpty ? box : found;
                Assert.True(Math.Min(other.Width, other.Height) <= tolerance, $"found {found}, box {box}");
                continue;
            }

            Assert.Equal(found.X1, box.X1, tolerance);
            Assert.Equal(found.Y1, box.Y1, tolerance);
            Assert.Equal(found.X2, box.X2, tolerance);
            Assert.Equal(found.Y2, box.Y2, tolerance);
        }
    }
}
