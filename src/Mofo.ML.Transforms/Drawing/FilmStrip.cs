using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Drawing;

/// <summary>Frames of a video side by side in one WebP picture, which a page shows one after the other: a video that every browser plays.</summary>
/// <param name="Picture">The WebP file.</param>
/// <param name="Width">Pixels of one frame.</param>
/// <param name="Height">Pixels of one frame.</param>
/// <param name="Scale">Pixels of the picture for one pixel of the source frame.</param>
/// <param name="Indices">The numbers of the frames in the video, ascending.</param>
/// <param name="SecondsPerFrame">How long each is shown.</param>
internal sealed record FilmStrip(byte[] Picture, int Width, int Height, double Scale, IReadOnlyList<int> Indices, double SecondsPerFrame)
{
    /// <summary>WebP allows 16,383 pixels a side.</summary>
    private const int MostPixels = 16_383;

    /// <summary>Takes frames of a video at equal distances.</summary>
    /// <param name="detector">Its limits and tokens hold for the reading.</param>
    /// <param name="path">The video.</param>
    /// <param name="frames">Frames at most.</param>
    /// <param name="height">Height of a frame in pixels at most; smaller frames stay as they are.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="VideoException">The video cannot be read, or is beyond the limits.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FilmStrip Of(MotionDetector detector, string path, int frames = 32, int height = 180, CancellationToken cancel = default)
    {
        using var reader = detector.OpenFrames(path, cancel);
        reader.ReusesMemory = true; // every piece is a copy
        var count = Math.Max(1, reader.CountFrames());
        var scale = Math.Min(1, (double)height / reader.Height);
        var (width, high) = (Math.Max(1, (int)Math.Round(reader.Width * scale)), Math.Max(1, (int)Math.Round(reader.Height * scale)));
        var shown = Math.Clamp(Math.Min(frames, count), 1, Math.Max(1, MostPixels / width));
        int[] indices = [.. EvenSpread.Of(count, shown)];

        var pieces = reader.ReadAt(indices, frame => Reduced(frame, width, high));
        try
        {
            using var strip = new Mat();
            Cv2.HConcat(pieces, strip);
            return new FilmStrip(Drawing.Picture.ToWebP(strip), width, high, scale, indices, count / FrameRate.Of(reader.FramesPerSecond) / shown);
        }
        finally
        {
            Array.ForEach(pieces, piece => piece.Dispose());
        }
    }

    private static Mat Reduced(Frame frame, int width, int height)
    {
        using var whole = Drawing.Picture.FromRgb(frame.Width, frame.Height, frame.Pixels);
        var small = new Mat();
        Cv2.Resize(whole, small, new Size(width, height), interpolation: InterpolationFlags.Area);
        return small;
    }
}
