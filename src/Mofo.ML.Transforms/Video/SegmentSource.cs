namespace Mofo.ML.Transforms.Video;

/// <summary>The frames of a source that lie inside a segment.</summary>
internal sealed class SegmentSource : IFrameSource
{
    // Seeking lands on a frame near the requested one: so it seeks well before the start and decodes from there to the start.
    private const double SeekMargin = 1;

    // Times are sums of rounded frame lengths: a frame this little before a moment is shown at it.
    private const double SameMoment = 1e-4;

    private readonly IFrameSource _video;
    private readonly VideoSegment _segment;
    private readonly string _address;
    private bool _startIsWaiting;
    private bool _ended;
    private int _index; // of the frame moved to, in the video; not known after a seek
    private double _seconds;

    /// <param name="video">The whole video, which this object disposes of.</param>
    /// <param name="segment">The part.</param>
    /// <param name="address">As the caller gave it, for messages.</param>
    /// <exception cref="VideoException">The segment begins behind the end of the video, or is given in seconds and the video has no clock.</exception>
    public SegmentSource(IFrameSource video, VideoSegment segment, string address)
    {
        (_video, _segment, _address) = (video, segment, address);
        if (!segment.IsInFrames && video.Seconds is null && video.Facts.FramesPerSecond == 0)
        {
            throw new VideoException(address, "a segment in seconds of a video without a clock (a folder of images has none); give it in frames: #frames=START,END");
        }

        MoveToStart();
        Facts = video.Facts with { Path = address, DeclaredFrameCount = Math.Max(1, ExpectedFrames()), CountIsExact = segment.IsInFrames && video.Facts.CountIsExact };
    }

    public VideoFile Facts { get; }

    public double? Seconds => _video.Seconds is null ? null : _seconds - (_segment.StartSeconds ?? 0);

    public bool MoveNext()
    {
        if (_startIsWaiting)
        {
            _startIsWaiting = false;
            return true;
        }

        _ended = _ended || !Step() || IsBehind();
        return !_ended;
    }

    public Frame Current(byte[]? memory = null) => _video.Current(memory);

    public void Rewind()
    {
        if (!_startIsWaiting)
        {
            MoveToStart();
        }
    }

    public bool TrySeek(double seconds) => false;

    public void Dispose() => _video.Dispose();

    private void MoveToStart()
    {
        _ended = false;
        if (_segment.IsInFrames)
        {
            _video.Rewind();
            _index = -1;
            while (_index < (_segment.StartFrame ?? 0))
            {
                if (!Step())
                {
                    throw new VideoException(_address, Invariant($"the segment begins at frame {_segment.StartFrame}, but the video has {_index + 1} frames"));
                }
            }
        }
        else if (!TrySeekToStart())
        {
            _video.Rewind();
            (_index, _seconds) = (-1, double.NegativeInfinity);
            do
            {
                if (!Step())
                {
                    throw new VideoException(_address, Invariant($"the segment begins at {_segment.StartSeconds} s, but the last frame of the video is shown at {_seconds:0.###} s"));
                }
            }
            while (IsBefore());
        }

        if (IsBehind())
        {
            throw new VideoException(_address, "the segment lies between two frames of the video");
        }

        _startIsWaiting = true;
    }

    /// <summary>Whether a frame before the start was reached without decoding the whole way, and from there the start.</summary>
    private bool TrySeekToStart()
    {
        var target = (_segment.StartSeconds ?? 0) - SeekMargin;
        if (target <= SeekMargin || !_video.TrySeek(target))
        {
            return false;
        }

        // Not a number: a frame that came without a time could lie anywhere.
        (_index, _seconds) = (-1, double.NaN);
        if (!Step() || !IsBefore())
        {
            return false;
        }

        while (IsBefore())
        {
            if (!Step())
            {
                return false;
            }
        }

        return true;
    }

    private bool Step()
    {
        if (!_video.MoveNext())
        {
            return false;
        }

        _index++;
        var rate = _video.Facts.FramesPerSecond;

        // Streams without times of their own say 0 for every frame; there the rate is the clock.
        _seconds = _video.Seconds is { } shown && (shown > _seconds || _index == 0) ? shown
            : _index == 0 ? 0
            : rate > 0 ? _seconds + (1 / rate)
            : _seconds;
        return true;
    }

    private bool IsBefore() => _seconds < (_segment.StartSeconds ?? 0) - SameMoment;

    private bool IsBehind() => _segment.IsInFrames ? _index >= (_segment.EndFrame ?? int.MaxValue) : _seconds >= (_segment.EndSeconds ?? double.PositiveInfinity) - SameMoment;

    private int ExpectedFrames()
    {
        var facts = _video.Facts;
        var rate = facts.FramesPerSecond;
        var (all, start) = (facts.DeclaredFrameCount > 0 ? facts.DeclaredFrameCount : int.MaxValue, (_segment.StartSeconds ?? 0) * rate);
        var expected = _segment.IsInFrames
            ? Math.Min(_segment.EndFrame ?? all, all) - (_segment.StartFrame ?? 0)
            : Math.Round(Math.Min((_segment.EndSeconds * rate) ?? all, all) - start);
        return expected < int.MaxValue ? (int)expected : 0;
    }
}
