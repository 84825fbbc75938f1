using System.Numerics.Tensors;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>How much and how clips are mixed; the defaults are those of the original's finetuning.</summary>
internal sealed record MixupOptions
{
    /// <summary>Alpha of mixup's Beta(alpha, alpha) (Zhang et al. 2018); 0 switches mixup off.</summary>
    public double MixupAlpha { get; init; } = 0.8;

    /// <summary>Alpha of cutmix's Beta(alpha, alpha) (Yun et al. 2019); 0 switches cutmix off.</summary>
    public double CutmixAlpha { get; init; } = 1;

    /// <summary>Chance that a batch is mixed at all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Chance of cutmix rather than mixup, where both are on.</summary>
    public double CutmixShare { get; init; } = 0.5;
}

/// <summary>The pixels of one clip of a batch.</summary>
internal delegate Span<float> PixelsOfClip(int clip);

/// <summary>Mixes each clip of a batch with its partner, the batch in reverse: pixels, labels and boxes.</summary>
/// <param name="Share">Weight of a clip's own pixels and label, 0 to 1; the partner has the rest.</param>
/// <param name="Cut">The rectangle that comes from the partner (cutmix); null blends whole frames (mixup).</param>
internal readonly record struct Mixup(double Share, CropWindow? Cut)
{
    /// <summary>Where a clip's share is below this, its motion is too faint to be looked for, and its box does not count.</summary>
    public const double VisibleShare = 0.25;

    /// <summary>Leaves the batch as it is.</summary>
    public static Mixup None { get; } = new(1, null);

    public static Mixup Draw(MixupOptions options, int width, int height, Random random)
    {
        if (options is { MixupAlpha: <= 0, CutmixAlpha: <= 0 } || !random.Chance(options.Probability))
        {
            return None;
        }

        var cut = options.CutmixAlpha > 0 && (options.MixupAlpha <= 0 || random.Chance(options.CutmixShare));
        if (!cut)
        {
            return new(random.Beta(options.MixupAlpha), null);
        }

        var share = random.Beta(options.CutmixAlpha);
        var centreY = random.Next(height);
        return Cutmix(share, random.Next(width), centreY, width, height);
    }

    /// <summary>Cutmix with the rectangle of about 1 - share of the frame round a centre; the share becomes what the cut by the frame leaves.</summary>
    public static Mixup Cutmix(double share, int centreX, int centreY, int width, int height)
    {
        // Half the side to either side, truncated, so odd sides lose a pixel: as in the original.
        var ratio = Math.Sqrt(1 - share);
        var (halfWidth, halfHeight) = ((int)(width * ratio) / 2, (int)(height * ratio) / 2);
        var (left, right) = (Math.Max(centreX - halfWidth, 0), Math.Min(centreX + halfWidth, width));
        var (top, bottom) = (Math.Max(centreY - halfHeight, 0), Math.Min(centreY + halfHeight, height));
        var window = new CropWindow(left, top, right - left, bottom - top);
        return new(1 - ((double)window.Width * window.Height / (width * height)), window);
    }

    /// <summary>Mixes the pixels of a batch in place; with an odd number of clips the middle one stays.</summary>
    /// <param name="clips">Number of clips.</param>
    /// <param name="pixelsOf">Pixels [C, T, H, W] of a clip; the whole batch may be larger than a span.</param>
    /// <param name="shape">Shape of one clip.</param>
    public void MixPixels(int clips, PixelsOfClip pixelsOf, ClipShape shape)
    {
        for (int first = 0, second = clips - 1; first < second; first++, second--)
        {
            var one = pixelsOf(first);
            var other = pixelsOf(second);
            if (Cut is { } window)
            {
                Swap(one, other, shape, window);
            }
            else if (Share < 1)
            {
                Blend(one, other, (float)Share);
            }
        }
    }

    /// <summary>Soft targets [B, classes], each row adding up to the mixed weight of its clip and the partner.</summary>
    public float[] Targets(ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, double smoothing)
    {
        var targets = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var (own, other) = (Share * weights[i], (1 - Share) * weights[^(i + 1)]);
            var row = targets.AsSpan(i * classes, classes);
            row.Fill((float)(smoothing / classes * (own + other)));
            row[labels[i]] += (float)((1 - smoothing) * own);
            row[labels[^(i + 1)]] += (float)((1 - smoothing) * other);
        }

        return targets;
    }

    /// <summary>The boxes [B][T] of the mixed clips: around the motion that is still to be seen, of either partner.</summary>
    /// <remarks>
    /// Mixup: the box around both partners' boxes; a partner with a share below <see cref="VisibleShare"/> does not count.
    /// Cutmix: the box around what the rectangle leaves of the own box and what it brings of the partner's.
    /// </remarks>
    public MotionBox[][] MixBoxes(IReadOnlyList<MotionBox[]> boxes)
    {
        var mixed = new MotionBox[boxes.Count][];
        for (var i = 0; i < mixed.Length; i++)
        {
            var partner = boxes.Count - 1 - i;
            mixed[i] = new MotionBox[boxes[i].Length];
            for (var t = 0; t < mixed[i].Length; t++)
            {
                mixed[i][t] = partner == i ? boxes[i][t] : MixBox(boxes[i][t], boxes[partner][t]);
            }
        }

        return mixed;
    }

    private MotionBox MixBox(MotionBox own, MotionBox other)
    {
        if (Cut is { } window)
        {
            var cut = new MotionBox(window.X, window.Y, window.X + window.Width, window.Y + window.Height);
            return Outside(own, cut).Union(other.Intersect(cut));
        }

        return Share < VisibleShare ? other : 1 - Share < VisibleShare ? own : own.Union(other);
    }

    /// <summary>The smallest box around the part of the box that the cut leaves: shorter only where a whole side goes.</summary>
    private static MotionBox Outside(MotionBox box, MotionBox cut)
    {
        var gone = box.Intersect(cut);
        if (gone.IsEmpty)
        {
            return box;
        }

        var rest = MotionBox.Empty;
        rest = rest.Union(box with { X2 = gone.X1 });
        rest = rest.Union(box with { X1 = gone.X2 });
        rest = rest.Union(box with { Y2 = gone.Y1 });
        return rest.Union(box with { Y1 = gone.Y2 });
    }

    private static void Swap(Span<float> one, Span<float> other, ClipShape shape, CropWindow window)
    {
        Span<float> kept = window.Width <= 1024 ? stackalloc float[window.Width] : new float[window.Width];
        foreach (var row in shape.Rows(window))
        {
            one[row].CopyTo(kept);
            other[row].CopyTo(one[row]);
            kept.CopyTo(other[row]);
        }
    }

    private static void Blend(Span<float> one, Span<float> other, float share)
    {
        const int Block = 1024; // both blocks and the copy stay in the first-level cache
        Span<float> kept = stackalloc float[Block];
        for (var i = 0; i < one.Length; i += Block)
        {
            var length = Math.Min(Block, one.Length - i);
            var first = one.Slice(i, length);
            var second = other.Slice(i, length);
            first.CopyTo(kept);
            TensorPrimitives.Lerp(second, first, share, first);
            TensorPrimitives.Lerp(kept[..length], second, share, second);
        }
    }
}
