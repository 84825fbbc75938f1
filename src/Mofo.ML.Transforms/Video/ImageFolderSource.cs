using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>A folder of images read as a video: files by name, numbers in the names compared as numbers (2 before 10).</summary>
internal sealed class ImageFolderSource : IFrameSource
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm"];

    private readonly string _path;
    private readonly string[] _files;
    private int _index = -1;

    public ImageFolderSource(string path)
    {
        DecoderNoise.Stop();
        _path = path;
        _files = ListImages(path);
        var first = ReadImage(_files[0]);
        Facts = new VideoFile(path, first.Width, first.Height, 0, _files.Length, CountIsExact: true, Rotation: 0);
    }

    public VideoFile Facts { get; }

    public bool MoveNext()
    {
        if (_index + 1 >= _files.Length)
        {
            return false;
        }

        _index++;
        return true;
    }

    public Frame Current()
    {
        var frame = ReadImage(_files[_index]);
        return frame.Width == Facts.Width && frame.Height == Facts.Height
            ? frame
            : throw new VideoException(_path, Invariant($"image '{Path.GetFileName(_files[_index])}' is {frame.Width}x{frame.Height}, the first one {Facts.Width}x{Facts.Height}"));
    }

    public void Rewind() => _index = -1;

    public void Dispose()
    {
    }

    /// <summary>Whether a folder can be opened as a video.</summary>
    public static bool HoldsImages(string folder) => Directory.EnumerateFiles(folder).Any(IsImage);

    private static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static string[] ListImages(string path)
    {
        try
        {
            var files = Directory.EnumerateFiles(path)
                .Where(IsImage)
                .Order(NaturalOrder.Instance)
                .ToArray();
            return files.Length > 0 ? files : throw new VideoException(path, $"the folder holds no images ({string.Join(' ', Extensions)})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoException(path, $"the folder cannot be listed ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private unsafe Frame ReadImage(string file)
    {
        try
        {
            using var bgr = Cv2.ImRead(file, ImreadModes.Color);
            if (bgr.Empty())
            {
                throw new VideoException(_path, $"image '{Path.GetFileName(file)}' cannot be decoded");
            }

            var pixels = GC.AllocateUninitializedArray<byte>(bgr.Width * bgr.Height * 3);
            fixed (byte* start = pixels)
            {
                using var rgb = Mat.FromPixelData(bgr.Height, bgr.Width, MatType.CV_8UC3, (nint)start);
                Cv2.CvtColor(bgr, rgb, ColorConversionCodes.BGR2RGB);
            }

            return new Frame(bgr.Width, bgr.Height, pixels);
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_path, $"image '{Path.GetFileName(file)}' cannot be decoded ({e.Message})", innerException: e);
        }
    }
}
