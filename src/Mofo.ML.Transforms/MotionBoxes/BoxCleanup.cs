using Mofo.ML.Research;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The rules over the boxes of a clip: same purposes as the release's, without its mistakes (docs/quirks.md).</summary>
internal sealed class BoxCleanup(int width, int height, BoxRules rules)
{
    private const float LargestSide = 0.7f;
    private const float SmallestArea = 0.01f;
    private const float MostUnlikely = 1 / 3f;
    private const int SmoothingReach = 2;

    /// <summary>A box that is too large or too small to be believed is forgotten, unless it is what the clip is like.</summary>
    /// <remarks>
    /// Where more than a third of the boxes say that something large (or small) moves, it does: were the few other boxes the only ones to count, chance would
    /// decide about the clip, and a flow that differs a little would give another box.
    /// </remarks>
    public MotionBox?[] DropUnlikely(IReadOnlyList<MotionBox?> boxes)
    {
        var (found, unlikely) = (boxes.Count(box => box is not null), boxes.Count(box => box is { } b && IsUnlikely(b)));
        return unlikely <= MostUnlikely * found
            ? [.. boxes.Select(box => box is { } b && IsUnlikely(b) ? null : box)]
            : [.. boxes];
    }

    /// <summary>A frame without a box gets one between its neighbours in time, at the ends the nearest; the central half where the clip has none.</summary>
    public MotionBox[] FillGaps(IReadOnlyList<MotionBox?> boxes)
    {
        var filled = new MotionBox[boxes.Count];
        var before = -1;
        for (var i = 0; i < filled.Length; i++)
        {
            if (boxes[i] is { } own)
            {
                filled[i] = own;
                before = i;
                continue;
            }

            var after = i + 1;
            while (after < boxes.Count && boxes[after] is null)
            {
                after++;
            }

            // Filled boxes are as good as found ones for the frames that follow: the gap is filled in one sweep.
            var end = Math.Min(after, boxes.Count);
            for (var k = i; k < end; k++)
            {
                filled[k] = Between(boxes, before, after, k);
            }

            i = end - 1;
        }

        return filled;
    }

    /// <summary>Every coordinate becomes the median of five frames: single jumps vanish, steady motion stays.</summary>
    public static MotionBox[] Smooth(IReadOnlyList<MotionBox> boxes)
    {
        var smooth = new MotionBox[boxes.Count];
        for (var i = 0; i < smooth.Length; i++)
        {
            // The reach shrinks towards the ends, so that the neighbours are the same on both sides.
            var reach = Math.Min(SmoothingReach, Math.Min(i, smooth.Length - 1 - i));
            var near = boxes.Skip(i - reach).Take((2 * reach) + 1).ToArray();
            smooth[i] = new(Median(near, b => b.X1), Median(near, b => b.Y1), Median(near, b => b.X2), Median(near, b => b.Y2));
        }

        return smooth;
    }

    /// <summary>The box around all; under the rules of Something-Something a vanishing one becomes the central half.</summary>
    public MotionBox Union(IReadOnlyList<MotionBox> boxes)
    {
        var union = boxes.Aggregate(MotionBox.Empty, (all, box) => all.Union(box));
        return rules == BoxRules.SomethingSomething && union.Area < SmallestArea * width * height ? MotionBox.CentralHalf(width, height) : union;
    }

    private bool IsUnlikely(MotionBox box) =>
        box.Width > LargestSide * width || box.Height > LargestSide * height || box.Area < SmallestArea * width * height;

    private MotionBox Between(IReadOnlyList<MotionBox?> boxes, int before, int after, int frame)
    {
        var first = before >= 0 ? boxes[before] : null;
        var second = after < boxes.Count ? boxes[after] : null;
        if (first is not { } a || second is not { } b)
        {
            return first ?? second ?? MotionBox.CentralHalf(width, height);
        }

        var share = (frame - before) / (float)(after - before);
        return new(Mix(a.X1, b.X1), Mix(a.Y1, b.Y1), Mix(a.X2, b.X2), Mix(a.Y2, b.Y2));

        float Mix(float from, float to) => from + (share * (to - from));
    }

    private static float Median(MotionBox[] boxes, Func<MotionBox, float> coordinate)
    {
        var values = Array.ConvertAll(boxes, b => coordinate(b));
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
