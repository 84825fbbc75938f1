using Microsoft.ML.Data;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Writes ML.NET's images as the files of an image folder.</summary>
internal static class PictureFiles
{
    /// <summary>Writes one bitmap per image, numbered from 0; bitmaps lose nothing and cost no compression.</summary>
    /// <exception cref="ArgumentException">There is no image, or one of another size or kind; names it.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, IEnumerable<MLImage> images)
    {
        var (count, size) = (0, default((int Width, int Height)));
        foreach (var image in images)
        {
            var own = (image.Width, image.Height);
            size = count == 0 ? own : size;
            if (own != size)
            {
                throw new ArgumentException(Invariant($"Frame {count} is {own.Width}x{own.Height}, the first one {size.Width}x{size.Height}; all frames of a video have one size."), nameof(images));
            }

            Write(Path.Combine(folder, Invariant($"{count:D8}.bmp")), image, count);
            count++;
        }

        if (count == 0)
        {
            throw new ArgumentException("There is no frame.", nameof(images));
        }
    }

    private static void Write(string file, MLImage image, int index)
    {
        ColorConversionCodes conversion = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => ColorConversionCodes.BGRA2BGR,
            MLPixelFormat.Rgba32 => ColorConversionCodes.RGBA2BGR,
            var other => throw new ArgumentException(Invariant($"Frame {index} has the pixel format {other}; Bgra32 and Rgba32 are read."), nameof(image)),
        };
        using var pixels = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        using var bgr = pixels.CvtColor(conversion);
        if (!Cv2.ImWrite(file, bgr))
        {
            throw new IOException($"'{file}' cannot be written.");
        }
    }
}
