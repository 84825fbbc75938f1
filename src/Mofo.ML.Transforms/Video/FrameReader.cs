using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mofo.ML.Transforms.Video;

/// <summary>Frames of one video in order or by index; a video is a file that FFmpeg reads or a folder of images.</summary>
/// <remarks>
/// <see cref="Open"/> is the one way to every video. Not thread-safe: every worker opens its own. Turning and mirroring are applied: width and height are those of
/// the picture as shown.
/// </remarks>
internal sealed class FrameReader : IDisposable
{
    private static readonly FileMemory<StrongBox<int>> Counted = new();

    private readonly IFrameSource _source;
    private readonly string _fullPath;
    private readonly string _part;
    private int _next;
    private int? _count;
    private Frame? _last;
    private int _lastIndex = -1;
    private bool _ended;

    private FrameReader(IFrameSource source, string fullPath, string part) => (_source, _fullPath, _part) = (source, fullPath, part);

    public VideoFile Facts => _source.Facts;

    public int Width => Facts.Width;

    public int Height => Facts.Height;

    /// <summary>Mean rate; 0 where the video declares none.</summary>
    public double FramesPerSecond => Facts.FramesPerSecond;

    /// <summary>What the container claims, often one more than decodes; 0 where it claims nothing (see <see cref="CountFrames"/>).</summary>
    public int DeclaredFrameCount => Facts.DeclaredFrameCount;

    /// <summary>Opens a video and decodes its first frame.</summary>
    /// <param name="path">A file, a folder of images, or the address of a <see cref="VideoSegment"/>; a relative path is never treated as an address.</param>
    /// <param name="reading">Limits, warnings, a token; null for the defaults.</param>
    /// <param name="cancel">A second token, of this call.</param>
    /// <exception cref="VideoException">Missing, empty, no regular file, no container that is read, truncated, beyond the limits, or without a frame that decodes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FrameReader Open(string path, VideoReading? reading = null, CancellationToken cancel = default)
    {
        RequirePath(path);
        reading ??= VideoReading.Default;
        var segment = VideoSegment.Of(path);
        var fullPath = FullPath(segment.VideoPath);
        var reader = new FrameReader(Part(Whole(path, fullPath, segment, reading, cancel), segment, path), fullPath, segment.Fragment);
        reading.Warn(reader.Facts);
        VideoMeter.Opened(path);
        return reader;
    }

    /// <summary>Whether each frame may be written over the one before it, which is invalid from then on: for readers that keep none.</summary>
    /// <remarks>New memory for every frame is cleared and touched for the first time by the kernel: on some virtual machines that takes longer than decoding.</remarks>
    public bool ReusesMemory { get; set; }

    /// <summary>Refuses what no file can be called.</summary>
    /// <exception cref="VideoException">The path is empty or contains a NUL character.</exception>
    public static void RequirePath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new VideoException(path, path.Length == 0 ? "the path is empty" : "the path contains a NUL character");
        }
    }

    /// <summary>The next frame in order; false after the last one.</summary>
    /// <exception cref="VideoException">The file is damaged here, or ends long before the declared count.</exception>
    public bool TryRead([NotNullWhen(true)] out Frame? frame)
    {
        frame = TrySkip() ? Current() : null;
        return frame is not null;
    }

    /// <summary>Skips the next frame without converting it; false after the last one.</summary>
    /// <exception cref="VideoException">As <see cref="TryRead"/>.</exception>
    public bool TrySkip()
    {
        if (!_source.MoveNext())
        {
            _count = _next;
            _ended = true;
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>
    /// What <paramref name="use"/> makes of the frames at ascending indices, so that no more than one whole frame is held; equal indices share one result. Rewinds by itself where
    /// needed.
    /// </summary>
    /// <remarks>
    /// An index past the last frame that decodes gives that last frame as long as it is below <see cref="DeclaredFrameCount"/>,
    /// since containers promise frames which they do not hold.
    /// </remarks>
    /// <exception cref="VideoException">The file is damaged, or an index is beyond what decodes and what is declared.</exception>
    public T[] ReadAt<T>(ReadOnlySpan<int> sortedIndices, Func<Frame, T> use)
    {
        var results = new T[sortedIndices.Length];
        var (previous, frame) = (0, (Frame?)null);
        for (var i = 0; i < sortedIndices.Length; i++)
        {
            var index = sortedIndices[i];
            if (index < previous)
            {
                throw new ArgumentException(Invariant($"Frame indices must be ascending and not negative; index {i} is {index} after {previous}."), nameof(sortedIndices));
            }

            previous = index;
            var next = ReadOne(index);
            results[i] = i > 0 && ReferenceEquals(next, frame) ? results[i - 1] : use(next);
            frame = next;
        }

        return results;
    }

    /// <summary>How many frames decode, and goes back to before the first one.</summary>
    /// <remarks>
    /// Where the container does not say it for certain, the whole file is decoded (not converted) the first time that the process asks: a stream of variable rate,
    /// a recording that was cut, an AVI with empty chunks declare other numbers, and only decoding shows it.
    /// </remarks>
    /// <exception cref="VideoException">As <see cref="TryRead"/>.</exception>
    public int CountFrames()
    {
        var count = _count ?? (Facts.CountIsExact ? Facts.DeclaredFrameCount : Counted.Get(_fullPath, () => new(Decode()), _part).Value);
        _count ??= Facts.CountIsExact ? null : count;
        Rewind();
        return count;
    }

    /// <summary>Back to before the first frame.</summary>
    public void Rewind()
    {
        _source.Rewind();
        _next = 0;
        _ended = false;
    }

    public void Dispose() => _source.Dispose();

    private static IFrameSource Whole(string path, string fullPath, VideoSegment segment, VideoReading reading, CancellationToken cancel) =>
        Directory.Exists(fullPath) ? new ImageFolderSource(path, fullPath, reading, cancel) : new CaptureSource(path, fullPath, segment, reading, cancel);

    private static IFrameSource Part(IFrameSource whole, VideoSegment segment, string address)
    {
        try
        {
            return segment.Fragment.Length == 0 ? whole : new SegmentSource(whole, segment, address);
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException)
        {
            throw new VideoException(path, $"this is no path ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private int Decode()
    {
        Rewind();
        while (TrySkip())
        {
        }

        return _next;
    }

    private Frame ReadOne(int index)
    {
        if (_count is { } count && index >= count)
        {
            index = index < DeclaredFrameCount
                ? count - 1
                : throw new VideoException(Facts.Path, Invariant($"frame {index} was asked for, but only {count} decode ({DeclaredFrameCount} are declared)"));
        }

        if (_last is not null && _lastIndex == index)
        {
            return _last;
        }

        if (index < _next - 1 || _ended)
        {
            Rewind();
        }

        while (_next <= index)
        {
            if (!TrySkip())
            {
                return ReadOne(index); // The count is known now.
            }
        }

        return Current();
    }

    private Frame Current()
    {
        if (_last is null || _lastIndex != _next - 1)
        {
            var memory = ReusesMemory ? _last?.Pixels : null;
            _last = null; // a frame that turns out to be damaged may have been written over it
            _last = _source.Current(memory);
            _lastIndex = _next - 1;
        }

        return _last;
    }
}
