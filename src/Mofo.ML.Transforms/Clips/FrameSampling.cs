namespace Mofo.ML.Transforms.Clips;

/// <summary>Which frames of a video make a clip: index arithmetic only. All results are ascending indices in [0, frames).</summary>
/// <remarks>
/// The rules are those of the original's data sets; where a rule of the original cannot be meant as it is written, the
/// corrected reading is taken and docs/quirks-augmentation.md says so. Short videos repeat frames.
/// </remarks>
internal static class FrameSampling
{
    /// <summary>Something-Something, test: one frame of each of equal segments; view v starts v/views of a segment later.</summary>
    /// <remarks>The original's stride of 2 is right for its two views only; this is the rule that gives its indices there. A single view takes the middles.</remarks>
    /// <returns>[views][segments]</returns>
    public static int[][] UniformViews(int frames, int segments, int views)
    {
        RequirePositive(frames, segments, views);
        var result = new int[views][];
        for (var view = 0; view < views; view++)
        {
            result[view] = views == 1 ? UniformMiddles(0, frames, segments) : UniformFrom((double)view / views, frames, segments);
        }

        return result;
    }

    /// <summary>Training: a random frame of each of equal segments, which cover the whole video.</summary>
    /// <remarks>With fewer frames than segments the frames are spread over the clip.</remarks>
    public static int[] UniformJittered(int frames, int segments, Random random)
    {
        RequirePositive(frames, segments);
        return Count(segments, segment =>
        {
            var (start, end) = ((int)((long)segment * frames / segments), (int)((segment + 1L) * frames / segments));
            return start + random.Next(Math.Max(1, end - start));
        });
    }

    /// <summary>Something-Something, training, as the original has it: segments are frames / segments whole frames long, so the last frames % segments are never seen.</summary>
    /// <remarks>A video with fewer frames than segments shows frame 0 throughout; one of 16 to 31 frames shows its first 16.</remarks>
    public static int[] UniformJitteredReleased(int frames, int segments, Random random)
    {
        RequirePositive(frames, segments);
        var length = frames / segments;
        return Count(segments, segment => length > 0 ? (segment * length) + random.Next(length) : 0);
    }

    /// <summary>EPIC-Kitchens, validation and test: the middles of equal segments of frames [start, end).</summary>
    public static int[] UniformMiddles(int start, int end, int segments) => Middles(start, end, segments, static () => 0);

    /// <summary>EPIC-Kitchens, training: the middles, each moved at random by up to half a segment.</summary>
    public static int[] UniformMiddlesJittered(int start, int end, int segments, Random random)
    {
        var reach = (double)(end - start - 1) / segments;
        return Middles(start, end, segments, () => (random.NextDouble() - 0.5) * reach);
    }

    /// <summary>Kinetics, test: every stride-th frame, cut into windows whose starts are spread evenly over the video.</summary>
    /// <remarks>The original divides by zero for one view; here that view is the middle window.</remarks>
    /// <returns>[views][length]</returns>
    public static int[][] DenseViews(int frames, int length, int stride, int views)
    {
        RequirePositive(frames, length, stride, views);
        var reached = ((frames - 1) / stride) + 1;
        var room = Math.Max(reached - length, 0);
        var result = new int[views][];
        for (var view = 0; view < views; view++)
        {
            var start = views == 1 ? room / 2 : (int)(view * ((double)room / (views - 1)));
            result[view] = Count(length, i => Math.Min(start + i, reached - 1) * stride);
        }

        return result;
    }

    /// <summary>Kinetics, training: a window of length x stride frames at a random place, sampled evenly.</summary>
    public static int[] DenseJittered(int frames, int length, int stride, Random random)
    {
        RequirePositive(frames, length, stride);
        var window = length * stride;
        if (frames <= window)
        {
            var reached = Math.Min(frames / stride, length);
            return Count(length, i => i < reached ? (int)Math.Min(OnLine(0, frames, reached, i), frames - 1) : frames - 1);
        }

        // The end is drawn below `frames`, so the last frame is never shown: as in the original.
        var end = random.Next(window, frames);
        return Count(length, i => (int)Math.Min(OnLine(end - window, end, length, i), end - 1));
    }

    /// <summary>Pretraining: length frames, stride apart, from a random start; past the end the last one reached repeats.</summary>
    /// <remarks>The original seeds its generator with 10 before each draw, which ties the start to the video's length; here the start is really drawn.</remarks>
    public static int[] Pretraining(int frames, int length, int stride, Random random)
    {
        RequirePositive(frames, length, stride);
        var starts = frames - (length * stride) + 1;
        return PretrainingFrom(starts > 0 ? random.Next(starts) : 0, frames, length, stride);
    }

    /// <summary>The pretraining clip that starts at the given frame.</summary>
    public static int[] PretrainingFrom(int start, int frames, int length, int stride)
    {
        // The original never steps onto the very last frame, so neither is it reached here.
        var last = Math.Max(0, frames - 2 - start) / stride;
        return Count(length, i => start + (Math.Min(i, last) * stride));
    }

    private static int[] UniformFrom(double offset, int frames, int segments)
    {
        var tick = (double)frames / segments;
        return Count(segments, i => (int)((tick * offset) + (tick * i)));
    }

    private static int[] Middles(int start, int end, int segments, Func<double> jitter)
    {
        RequirePositive(end - start, segments);
        var tick = (double)(end - start) / segments;
        return Count(segments, i => Math.Clamp((int)(start + (tick * (i + 0.5)) + jitter()), start, end - 1));
    }

    /// <summary>Point i of `count` points spread evenly from start to end, both included.</summary>
    private static double OnLine(int start, int end, int count, int i) =>
        count == 1 ? start : i == count - 1 ? end : start + (i * ((double)(end - start) / (count - 1)));

    private static int[] Count(int length, Func<int, int> index)
    {
        var result = new int[length];
        for (var i = 0; i < length; i++)
        {
            result[i] = index(i);
        }

        return result;
    }

    private static void RequirePositive(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(values));
        }
    }
}
