using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>A folder of images read as a video: files by name, numbers in the names compared as numbers (2 before 10).</summary>
internal sealed class ImageFolderSource : IFrameSource
{
    private readonly string _path;
    private readonly VideoReading _reading;
    private readonly CancellationToken _cancel;
    private readonly string[] _files;
    private byte[] _bytes = []; // of the file read last, and perhaps more behind them
    private int _index = -1;

    /// <param name="path">As the caller gave it, for messages.</param>
    /// <param name="fullPath">The folder.</param>
    /// <param name="reading">Limits and a token.</param>
    /// <param name="cancel">A second token.</param>
    public ImageFolderSource(string path, string fullPath, VideoReading reading, CancellationToken cancel)
    {
        DecoderEnvironment.Prepare();
        (_path, _reading, _cancel) = (path, reading, cancel);
        (_files, var remark) = PictureSeries.Choose(path, ListImages(path, fullPath));
        Container.CheckFrames(path, _files.Length, reading.Limits);
        var first = ReadImage(_files[0], null);
        Facts = new VideoFile(path, first.Width, first.Height) { DeclaredFrameCount = _files.Length, CountIsExact = true, Remarks = [.. new[] { remark, PictureNumbers.Remark(_files) }.OfType<string>()] };
    }

    public VideoFile Facts { get; }

    public double? Seconds => null;

    public bool MoveNext()
    {
        if (_index + 1 >= _files.Length)
        {
            return false;
        }

        _index++;
        return true;
    }

    public Frame Current(byte[]? memory = null)
    {
        var frame = ReadImage(_files[_index], memory);
        return frame.Width == Facts.Width && frame.Height == Facts.Height
            ? frame
            : throw new VideoException(_path, Invariant($"image '{Path.GetFileName(_files[_index])}' is {frame.Width}x{frame.Height}, the first one {Facts.Width}x{Facts.Height}"));
    }

    public void Rewind() => _index = -1;

    public bool TrySeek(double seconds) => false;

    public void Dispose()
    {
    }

    /// <summary>Whether a folder can be opened as a video.</summary>
    public static bool HoldsImages(string folder) => Directory.EnumerateFiles(folder).Any(PictureSeries.IsPicture);

    private static List<string> ListImages(string path, string fullPath)
    {
        try
        {
            var files = Directory.EnumerateFiles(fullPath).Where(PictureSeries.IsPicture).ToList();
            return files.Count > 0 ? files : throw new VideoException(path, $"the folder holds no images ({PictureSeries.ExtensionList})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoException(path, $"the folder cannot be listed ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private unsafe Frame ReadImage(string file, byte[]? memory)
    {
        _cancel.ThrowIfCancellationRequested();
        _reading.Cancel.ThrowIfCancellationRequested();
        var bytes = ReadBytes(file);
        if (PictureSize.Of(bytes) is not { } size)
        {
            throw new VideoException(_path, $"image '{Path.GetFileName(file)}' cannot be decoded: it begins as none of {PictureSeries.ExtensionList}");
        }

        try
        {
            Container.CheckSize(_path, size.Width, size.Height, _reading.Limits, $"image '{Path.GetFileName(file)}'");
            using var bgr = Cv2.ImDecode(bytes, ImreadModes.Color);
            if (bgr.Empty())
            {
                throw new VideoException(_path, $"image '{Path.GetFileName(file)}' cannot be decoded");
            }

            var length = bgr.Width * bgr.Height * 3;
            var pixels = memory?.Length == length ? memory : GC.AllocateUninitializedArray<byte>(length);
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

    /// <summary>The bytes of a file, valid until the next one is read.</summary>
    private ReadOnlySpan<byte> ReadBytes(string file)
    {
        // An array holds less than 2 GiB; no picture within the pixel limit is larger.
        using var stream = RegularFile.Open(_path, file, Math.Min(_reading.Limits.MaxBytes, Array.MaxLength));
        try
        {
            var length = checked((int)stream.Length);
            if (_bytes.Length < length)
            {
                // A quarter more than needed, since pictures of one video differ little.
                _bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(length + (length / 4L), Array.MaxLength));
            }

            var bytes = _bytes.AsSpan(0, length);
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException e)
        {
            throw new VideoException(_path, $"image '{Path.GetFileName(file)}' cannot be read ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }
}
