using Mofo.ML.Transforms.Clips;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Colour, contrast, brightness, sharpness and histogram operations, with PIL's meaning of their factors; statistics are per frame.</summary>
/// <remarks>A factor f gives neutral + f * (picture - neutral): 0 is the neutral picture, 1 changes nothing. Values may differ from PIL's by 1, which truncates where OpenCV rounds.</remarks>
internal static class ToneOperations
{
    // ITU-R 601 luma of red, green, blue.
    internal static readonly double[] Luma = [0.299, 0.587, 0.114];

    /// <summary>Saturation: neutral is the grey picture.</summary>
    public static Clip Color(Clip clip, double factor)
    {
        if (clip.Edited(new ToneEdit(Tone.Color, factor)) is { } there)
        {
            return there;
        }

        var mixing = new float[9];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                mixing[(row * 3) + column] = (float)(((1 - factor) * Luma[column]) + (row == column ? factor : 0));
            }
        }

        using (clip)
        {
            var result = Like(clip);
            using var matrix = Mat.FromPixelData(3, 3, MatType.CV_32FC1, mixing);
            using var from = ClipMat.Of(clip);
            using var to = ClipMat.Of(result);
            Cv2.Transform(from.All, to.All, matrix);
            return result;
        }
    }

    /// <summary>Neutral is the frame's mean grey.</summary>
    public static Clip Contrast(Clip clip, double factor)
    {
        if (clip.Edited(new ToneEdit(Tone.Contrast, factor)) is { } there)
        {
            return there;
        }

        using var frames = ClipMat.Of(clip);
        for (var i = 0; i < clip.Length; i++)
        {
            using var frame = frames.Frame(i);
            var mean = Cv2.Mean(frame);
            var grey = Math.Round((Luma[0] * mean.Val0) + (Luma[1] * mean.Val1) + (Luma[2] * mean.Val2));
            frame.ConvertTo(frame, MatType.CV_8UC3, factor, grey * (1 - factor));
        }

        return clip;
    }

    /// <summary>Neutral is black.</summary>
    public static Clip Brightness(Clip clip, double factor)
    {
        if (clip.Edited(new ToneEdit(Tone.Brightness, factor)) is { } there)
        {
            return there;
        }

        using var frames = ClipMat.Of(clip);
        frames.All.ConvertTo(frames.All, MatType.CV_8UC3, factor);
        return clip;
    }

    /// <summary>Neutral is the picture smoothed by a 3x3 mean whose centre weighs 5; the outermost pixels stay as they are.</summary>
    public static Clip Sharpness(Clip clip, double factor)
    {
        var around = (float)((1 - factor) / 13);
        var centre = (float)(factor + (5 * (1 - factor) / 13));
        float[] weights = [around, around, around, around, centre, around, around, around, around];
        using (clip)
        {
            var result = clip.Copy();
            if (clip.Width < 3 || clip.Height < 3)
            {
                return result;
            }

            using var kernel = Mat.FromPixelData(3, 3, MatType.CV_32FC1, weights);
            using var from = ClipMat.Of(clip);
            using var to = ClipMat.Of(result);
            var inner = new CropWindow(1, 1, clip.Width - 2, clip.Height - 2);
            for (var i = 0; i < clip.Length; i++)
            {
                using var frame = from.Frame(i);
                using var filtered = new Mat();
                Cv2.Filter2D(frame, filtered, -1, kernel);
                using var filteredInner = filtered[1, clip.Height - 1, 1, clip.Width - 1];
                using var target = to.Frame(i, inner);
                filteredInner.CopyTo(target);
            }

            return result;
        }
    }

    /// <summary>Stretches each channel of each frame to 0..255.</summary>
    public static Clip AutoContrast(Clip clip) => ByHistogram(clip, static (counts, table) =>
    {
        var low = counts.IndexOfAnyExcept(0);
        var high = counts.LastIndexOfAnyExcept(0);
        if (high <= low)
        {
            return false;
        }

        var scale = 255.0 / (high - low);
        for (var value = 0; value < 256; value++)
        {
            table[value] = (byte)Math.Clamp((int)((value * scale) - (low * scale)), 0, 255);
        }

        return true;
    });

    /// <summary>Spreads each channel of each frame so that all values become about equally frequent.</summary>
    public static Clip Equalize(Clip clip) => ByHistogram(clip, static (counts, table) =>
    {
        // The brightest value present is left out of the step, so that it lands on 255.
        var last = counts.LastIndexOfAnyExcept(0);
        var total = 0;
        foreach (var count in counts[..last])
        {
            total += count;
        }

        var step = total / 255;
        if (step == 0)
        {
            return false;
        }

        var reached = step / 2;
        for (var value = 0; value < 256; value++)
        {
            table[value] = (byte)Math.Min(reached / step, 255);
            reached += counts[value];
        }

        return true;
    });

    private delegate bool TableRule(ReadOnlySpan<int> counts, Span<byte> table);

    /// <summary>Maps each channel of each frame by a table made from its histogram; where the rule makes none, the channel stays.</summary>
    private static Clip ByHistogram(Clip clip, TableRule rule)
    {
        Span<int> counts = stackalloc int[3 * 256];
        Span<byte> table = stackalloc byte[256];
        var tables = new byte[256 * 3];
        using var frames = ClipMat.Of(clip);
        using var lookUp = Mat.FromPixelData(1, 256, MatType.CV_8UC3, tables);
        for (var i = 0; i < clip.Length; i++)
        {
            Count(clip.Frame(i), counts);
            for (var channel = 0; channel < 3; channel++)
            {
                var made = rule(counts.Slice(channel * 256, 256), table);
                for (var value = 0; value < 256; value++)
                {
                    tables[(value * 3) + channel] = made ? table[value] : (byte)value;
                }
            }

            using var frame = frames.Frame(i);
            Cv2.LUT(frame, lookUp, frame);
        }

        return clip;
    }

    private static void Count(ReadOnlySpan<byte> pixels, Span<int> counts)
    {
        counts.Clear();
        var red = counts[..256];
        var green = counts.Slice(256, 256);
        var blue = counts.Slice(512, 256);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            red[pixels[i]]++;
            green[pixels[i + 1]]++;
            blue[pixels[i + 2]]++;
        }
    }

    private static Clip Like(Clip clip)
    {
        var result = new Clip(clip.Length, clip.Width, clip.Height);
        clip.Boxes.CopyTo(result.Boxes, 0);
        return result;
    }
}
