using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Drawing;

/// <summary>Pictures as OpenCV holds them: from bytes, and into files.</summary>
internal static class Picture
{
    /// <summary>A picture (BGR) of RGB bytes, rows from the top.</summary>
    public static unsafe Mat FromRgb(int width, int height, ReadOnlySpan<byte> rgb)
    {
        OpenCvLibrary.Require();
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, checked(width * height * 3), nameof(rgb));
        var picture = new Mat();
        fixed (byte* start = rgb)
        {
            using var source = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)start);
            Cv2.CvtColor(source, picture, ColorConversionCodes.RGB2BGR);
        }

        return picture;
    }

    /// <summary>Writes a picture beside its place and renames it; the ending of the name (.png, .jpg, .webp) says the format.</summary>
    /// <exception cref="IOException">The ending is none that OpenCV writes, the format does not take a picture of this size, or the file cannot be written.</exception>
    public static void Save(Mat picture, string path)
    {
        CheckEnding(path);
        var bytes = Encode(picture, path);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Checks the name of a file before the work for its picture begins.</summary>
    /// <exception cref="IOException">The ending is none that OpenCV writes.</exception>
    public static void CheckEnding(string path)
    {
        OpenCvLibrary.Require();
        var extension = Path.GetExtension(path);
        if (extension.Length <= 1 || !Cv2.HaveImageWriter(extension))
        {
            throw new IOException($"{path} cannot be written: its ending must be .png, .jpg or .webp.");
        }
    }

    /// <summary>A picture as WebP, which every browser of these years shows.</summary>
    /// <param name="picture">BGR.</param>
    /// <param name="quality">In [1, 100].</param>
    public static byte[] ToWebP(Mat picture, int quality = 75) => picture.ToBytes(".webp", new ImageEncodingParam(ImwriteFlags.WebPQuality, quality));

    // WebP takes 16,383 pixels a side, JPEG 65,535.
    private static byte[] Encode(Mat picture, string path)
    {
        var extension = Path.GetExtension(path);
        try
        {
            return picture.ToBytes(extension) is { Length: > 0 } bytes ? bytes : throw Unsuitable(null);
        }
        catch (OpenCVException e)
        {
            throw Unsuitable(e);
        }

        IOException Unsuitable(Exception? cause) => new(
            Invariant($"{path} cannot be written: the format {extension} does not take a picture of {picture.Width}x{picture.Height} pixels."), cause);
    }
}
