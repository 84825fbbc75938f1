using Mofo.ML.Transforms.Video;
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

        var result = clip.Edited(new CropResizeEdit(window, width, height), width, height) ?? ResizedPixels(clip, window, width, height);
        for (var i = 0; i < clip.Length; i++)
        {
            result.Boxes[i] = CropResize(clip.Boxes[i], window, width, height);
        }

        return result;
    }

    private static Clip ResizedPixels(Clip clip, CropWindow window, int width, int height)
    {
        var result = new Clip(clip.Length, width, height);
        var rule = Interpolation(window, width, height);
        using var from = ClipMat.Of(clip);
        using var to = ClipMat.Of(result);
        for (var i = 0; i < clip.Length; i++)
        {
            using var source = from.Frame(i, window);
            using var target = to.Frame(i);
            Cv2.Resize(source, target, new Size(width, height), interpolation: rule);
        }

        return result;
    }

    /// <summary>The part of one frame inside the window, resized.</summary>
    public static unsafe Frame CropResize(Frame frame, CropWindow window, int width, int height)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(width * height * 3);
        var step = frame.Width * 3;
        fixed (byte* from = frame.Pixels, to = pixels)
        {
            using var source = Mat.FromPixelData(window.Height, window.Width, MatType.CV_8UC3, (nint)(from + ((long)window.Y * step) + (window.X * 3)), step);
            using var target = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)to);
            Cv2.Resize(source, target, new Size(width, height), interpolation: Interpolation(window, width, height));
        }

        return new Frame(width, height, pixels);
    }

    /// <summary>A box in pixels of the window once that is resized, clipped to it.</summary>
    public static MotionBox CropResize(MotionBox box, CropWindow window, int width, int height) =>
        box.Translate(-window.X, -window.Y).Scale((float)width / window.Width, (float)height / window.Height).Clip(width, height);

    // Bilinear weighs four source pixels only: from a factor of 2 on it would skip some and alias, so areas are averaged.
    private static InterpolationFlags Interpolation(CropWindow window, int width, int height) =>
        AveragesAreas(window, width, height) ? InterpolationFlags.Area : InterpolationFlags.Linear;

    /// <summary>Whether a window is so much larger than its picture that areas are averaged.</summary>
    internal static bool AveragesAreas(CropWindow window, int width, int height) => window.Width > 2 * width || window.Height > 2 * height;
}
