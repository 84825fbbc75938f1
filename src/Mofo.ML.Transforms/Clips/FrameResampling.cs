using OpenCvSharp;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Cuts and resizes all frames of a clip in one go; boxes follow, clipped to the new frame.</summary>
internal static class FrameResampling
{
    /// <summary>The part of every frame inside the window, resized. Disposes the given clip.</summary>
    public static Clip CropResize(Clip clip, CropWindow window, int width, int height)
    {
        if (window is { X: 0, Y: 0 } && window.Width == clip.Width && window.Height == clip.Height && width == clip.Width && height == clip.Height)
        {
            return clip;
        }

        using (clip)
        {
            return CropResizeCopy(clip, window, width, height);
        }
    }

    /// <summary>The part of every frame inside the window, resized; the given clip stays the caller's.</summary>
    public static Clip CropResizeCopy(Clip clip, CropWindow window, int width, int height)
    {
        if (window.X < 0 || window.Y < 0 || window.Width < 1 || window.Height < 1 || window.X + window.Width > clip.Width || window.Y + window.Height > clip.Height)
        {
            throw new ArgumentOutOfRangeException(
                nameof(window), Invariant($"A window of {window.Width}x{window.Height} at ({window.X}, {window.Y}) does not lie inside frames of {clip.Width}x{clip.Height}."));
        }

        var result = new Clip(clip.Length, width, height);
        var rule = Interpolation(window, width, height);
        using (var from = ClipMat.Of(clip))
        using (var to = ClipMat.Of(result))
        {
            for (var i = 0; i < clip.Length; i++)
            {
                using var source = from.Frame(i, window);
                using var target = to.Frame(i);
                Cv2.Resize(source, target, new Size(width, height), interpolation: rule);
            }
        }

        var (scaleX, scaleY) = ((float)width / window.Width, (float)height / window.Height);
        for (var i = 0; i < clip.Length; i++)
        {
            result.Boxes[i] = clip.Boxes[i].Translate(-window.X, -window.Y).Scale(scaleX, scaleY).Clip(width, height);
        }

        return result;
    }

    // Bilinear weighs four source pixels only: from a factor of 2 on it would skip some and alias, so areas are averaged.
    private static InterpolationFlags Interpolation(CropWindow window, int width, int height) =>
        window.Width > 2 * width || window.Height > 2 * height ? InterpolationFlags.Area : InterpolationFlags.Linear;
}
