using System.Diagnostics.CodeAnalysis;

namespace Mofo.ML.Transforms.Video;

/// <summary>Frames of one video in order or by index; a video is a file that FFmpeg reads or a folder of images.</summary>
/// <remarks>Not thread-safe: every worker opens its own. Rotation metadata is applied: width and height are those of the picture as shown.</remarks>
internal sealed class FrameReader : IDisposable
{
    private readonly IFrameSource _source;
    private int _next;
    private int? _count;
    private Frame? _last;
    private int _lastIndex = -1;
    private bool _ended;

    private FrameReader(IFrameSource source) => _source = source;

    public VideoFile Facts => _source.Facts;

    public int Width => Facts.Width;

    public int Height => Facts.Height;

    /// <summary>Mean rate; 0 where the video declares none.</summary>
    public double FramesPerSecond => Facts.FramesPerSecond;

    /// <summary>What the container claims, often one more than decodes; 0 where it claims nothing (see <see cref="CountFrames"/>).</summary>
    public int DeclaredFrameCount => Facts.DeclaredFrameCount;

    /// <summary>Opens a video and decodes its first frame.</summary>
    /// <exception cref="VideoException">Missing, empty, no video, truncated, or without a frame that decodes.</exception>
    public static FrameReader Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new VideoException(path, "this is no path");
        }

        return new FrameReader(Directory.Exists(path) ? new ImageFolderSource(path) : new CaptureSource(path));
    }

    /// <summary>The next frame in order; false after the last one.</summary>
    /// <exception cref="VideoException">The file is damaged here, or ends long before the declared count.</exception>
    public bool TryRead([NotNullWhen(true)] out Frame? frame)
    {
        frame = TrySkip() ? Current() : null;
        return frame is not null;
    }

    /// <summary>Passes over the next frame without converting it; false after the last one.</summary>
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

    /// <summary>The frames at ascending indices; equal indices share one <see cref="Frame"/>. Rewinds by itself where needed.</summary>
    /// <remarks>
    /// An index past the last frame that decodes gives that last frame as long as it is below <see cref="DeclaredFrameCount"/>,
    /// since containers promise frames which they do not hold.
    /// </remarks>
    /// <exception cref="VideoException">The file is damaged, or an index is beyond what decodes and what is declared.</exception>
    public IReadOnlyList<Frame> ReadAt(ReadOnlySpan<int> sortedIndices)
    {
        var frames = new Frame[sortedIndices.Length];
        var previous = 0;
        for (var i = 0; i < sortedIndices.Length; i++)
        {
            var index = sortedIndices[i];
            if (index < previous)
            {
                throw new ArgumentException(Invariant($"Frame indices must be ascending and not negative; index {i} is {index} after {previous}."), nameof(sortedIndices));
            }

            previous = index;
            frames[i] = ReadOne(index);
        }

        return frames;
    }

    /// <summary>How many frames really decode; the first time this reads the whole file, without converting, and rewinds.</summary>
    /// <exception cref="VideoException">As <see cref="TryRead"/>.</exception>
    public int CountFrames()
    {
        if (_count is null)
        {
            while (TrySkip())
            {
            }

            Rewind();
        }

        return _count!.Value;
    }

    /// <summary>Back to before the first frame.</summary>
    public void Rewind()
    {
        _source.Rewind();
        _next = 0;
        _ended = false;
    }

    public void Dispose() => _source.Dispose();

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
            _last = _source.Current();
            _lastIndex = _next - 1;
        }

        return _last;
    }
}
