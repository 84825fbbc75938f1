using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Drawing;

/// <summary>A video file under construction: written beside its place, renamed when it is whole.</summary>
/// <remarks>
/// The build of OpenCV that this library uses writes MPEG-4 part 2 (.mp4) and Motion JPEG (.avi). Players show both; browsers show neither. For browsers there are
/// pictures, see <see cref="FilmStrip"/>.
/// </remarks>
internal sealed class VideoOutput : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private readonly double _rate;
    private VideoWriter? _writer;

    /// <param name="path">Ends in .mp4 or .avi.</param>
    /// <param name="framesPerSecond">0 where it is not known.</param>
    /// <exception cref="IOException">The name has another ending.</exception>
    public VideoOutput(string path, double framesPerSecond)
    {
        OpenCvLibrary.Require();
        _path = Path.GetFullPath(path);
        _ = CodecOf(_path) ?? throw new IOException($"{path} cannot be written: the name of a video must end in .mp4 or .avi.");
        _partial = Path.Combine(Directory.CreateDirectory(Path.GetDirectoryName(_path)!).FullName, Invariant($".{Guid.NewGuid():N}{Path.GetExtension(_path)}"));
        _rate = FrameRate.Of(framesPerSecond);
    }

    /// <summary>Appends a picture; all have the size of the first. A last odd row or column is cut off, because MPEG-4 requires even sizes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(Mat picture)
    {
        var size = new Size(Math.Max(2, picture.Width / 2 * 2), Math.Max(2, picture.Height / 2 * 2));
        _writer ??= new VideoWriter(_partial, FourCC.FromString(CodecOf(_path)!), _rate, size);
        if (!_writer.IsOpened())
        {
            throw new IOException(Invariant($"Video '{_path}' cannot be written: OpenCV does not open a {CodecOf(_path)} file of {size.Width}x{size.Height} pixels there. Check that the folder is writable and the disk has room, or write .avi instead of .mp4."));
        }

        using var even = picture[new Rect(new Point(0, 0), size)];
        _writer.Write(even);
    }

    /// <summary>Puts the whole file in its place.</summary>
    /// <exception cref="IOException">Nothing was written, or it cannot be renamed.</exception>
    public void Finish()
    {
        _writer?.Dispose();
        _writer = null;
        File.Move(_partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        _writer?.Dispose();
        File.Delete(_partial);
    }

    private static string? CodecOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch { ".MP4" => "mp4v", ".AVI" => "MJPG", _ => null };
}
