using Mofo.ML.Research;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The release's rules over the boxes of a clip, in their order; every mistake is kept (docs/quirks.md).</summary>
internal sealed class ReleaseBoxCleanup(int width, int height, BoxRules rules)
{
    /// <summary>A frame without motion keeps the box of the frame before; the first one gets the central half.</summary>
    public ReleaseBox[] FillGaps(IReadOnlyList<ReleaseBox?> found)
    {
        var boxes = new ReleaseBox[found.Count];
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = found[i] ?? (i == 0 ? ReleaseBox.CentralHalf(width, height) : boxes[i - 1]);
        }

        return boxes;
    }

    /// <summary>A box that is too large or too small is replaced by a later one; the last box stays as it is.</summary>
    public ReleaseBox[] ReplaceUnlikely(IReadOnlyList<ReleaseBox> boxes)
    {
        var replaced = boxes.ToArray();
        for (var i = 0; i < replaced.Length - 1; i++)
        {
            if (IsUnlikely(boxes[i]))
            {
                replaced[i] = rules == BoxRules.EpicKitchens ? LookAheadOfEpic(boxes, i) : LookAhead(boxes, i);
            }
        }

        return replaced;
    }

    /// <summary>Per frame: mean squared distance of the box from the mean of all boxes before it; means and squares are cut to whole numbers.</summary>
    public static double[] Jumps(IReadOnlyList<ReleaseBox> boxes)
    {
        var jumps = new double[boxes.Count];
        var (x1, y1, x2, y2) = (0L, 0L, 0L, 0L);
        for (var i = 0; i < jumps.Length; i++)
        {
            var box = boxes[i];
            if (i > 0)
            {
                jumps[i] = (Squared(box.X1, x1 / i) + Squared(box.Y1, y1 / i) + Squared(box.X2, x2 / i) + Squared(box.Y2, y2 / i)) / 4.0;
            }

            (x1, y1, x2, y2) = (x1 + box.X1, y1 + box.Y1, x2 + box.X2, y2 + box.Y2);
        }

        return jumps;

        static long Squared(int value, long mean) => (value - mean) * (value - mean);
    }

    /// <summary>A box that jumps further than a tenth of its area gives way to the padded box before it; then small sides grow.</summary>
    public ReleaseBox[] SmoothAndPad(IReadOnlyList<ReleaseBox> boxes)
    {
        var jumps = Jumps(boxes);
        var padded = new ReleaseBox[boxes.Count];
        for (var i = 0; i < padded.Length; i++)
        {
            // The box that is repeated has been padded before and is padded again.
            padded[i] = Pad(i > 0 && jumps[i] > 0.1 * boxes[i].Area ? padded[i - 1] : boxes[i]);
        }

        return padded;
    }

    /// <summary>The box around all; under the rules of Something-Something a vanishing one becomes the central half.</summary>
    public ReleaseBox Union(IReadOnlyList<ReleaseBox> boxes)
    {
        var union = new ReleaseBox(boxes.Min(b => b.X1), boxes.Min(b => b.Y1), boxes.Max(b => b.X2), boxes.Max(b => b.Y2));
        return rules == BoxRules.SomethingSomething && union.Area < 0.01 * width * height ? ReleaseBox.CentralHalf(width, height) : union;
    }

    private bool IsTooLarge(ReleaseBox box) => box.Width > 0.7 * width || box.Height > 0.7 * height;

    private bool IsUnlikely(ReleaseBox box) => IsTooLarge(box) || box.Area < 0.01 * width * height;

    private ReleaseBox LookAhead(IReadOnlyList<ReleaseBox> boxes, int own)
    {
        for (var j = own + 1; j < boxes.Count; j++)
        {
            if (!IsUnlikely(boxes[j]))
            {
                return boxes[j];
            }
        }

        return AtEndOfClip(boxes, own, boxes[^1]);
    }

    // Mistake of the release: the box that is tested is the one before the box that would be taken, so that the search overshoots by one frame.
    private ReleaseBox LookAheadOfEpic(IReadOnlyList<ReleaseBox> boxes, int own)
    {
        var tested = own + 1;
        if (!IsUnlikely(boxes[tested]))
        {
            return boxes[tested];
        }

        var judged = boxes[tested];
        while (tested < boxes.Count && IsUnlikely(boxes[tested]))
        {
            judged = boxes[tested];
            tested++;
            if (tested + 1 >= boxes.Count)
            {
                return AtEndOfClip(boxes, own, judged);
            }
        }

        return boxes[tested + 1];
    }

    private ReleaseBox AtEndOfClip(IReadOnlyList<ReleaseBox> boxes, int own, ReleaseBox judged)
    {
        if (IsTooLarge(judged))
        {
            // Mistake of the release: halving all coordinates moves the box towards the origin instead of shrinking it in place.
            var box = boxes[own];
            return new ReleaseBox(box.X1 / 2, box.Y1 / 2, box.X2 / 2, box.Y2 / 2);
        }

        var last = boxes[^1];
        return judged.Width < 0.01 * width || judged.Height < 0.01 * height ? ReleaseBox.CentralHalf(width, height) : last;
    }

    private ReleaseBox Pad(ReleaseBox box)
    {
        var (x1, x2) = Grow(box.X1, box.X2, width);
        var (y1, y2) = Grow(box.Y1, box.Y2, height);
        return new ReleaseBox(x1, y1, x2, y2);
    }

    private static (int Start, int End) Grow(int start, int end, int length)
    {
        double from = start;
        double to = end;
        if (end - start <= 0.4 * length)
        {
            from -= 0.05 * (end - start);
            // Mistake of the release: 5 % of the side that has already grown.
            to += 0.05 * (to - from);
        }

        return ((int)Math.Clamp(from, 0, length), (int)Math.Clamp(to, 0, length));
    }
}
