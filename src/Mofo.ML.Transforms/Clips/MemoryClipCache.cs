using System.Collections.Concurrent;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Keeps the frames of videos in memory, reduced to what training can use, so that small sets are decoded once and not in every epoch.</summary>
/// <remarks>
/// Every video is reduced alike, remembered or not: how much fits, and which thread came first, changes no pixel. What does not fit is
/// decoded again each time. As an audience it takes the frames while motion is detected in them.
/// </remarks>
/// <param name="reduction">Size of the frames kept.</param>
/// <param name="capacity">Bytes of pixels kept at most.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class MemoryClipCache(FrameReduction reduction, long capacity, VideoReading? reading = null) : IClipSource, IFrameAudience
{
    private readonly ConcurrentDictionary<string, (RememberedFrames Frames, FileStamp? File)> _videos = new();
    private readonly VideoReading _reading = reading ?? VideoReading.Default;
    private long _held;

    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(
        () => _videos.TryGetValue(source.VideoPath, out var video) ? video.Frames.Views(source, sample) : Decode(source, sample));

    /// <inheritdoc/>
    /// <remarks>A video that was read within wider limits than those of this cache is left to be read again.</remarks>
    public IFrameTaker? Expect(string path, VideoFile facts, VideoLimits limits) =>
        !_videos.ContainsKey(path) && _reading.Limits.Cover(limits) && RoomFor(facts) is { } most ? new Taker(this, path, facts, most) : null;

    /// <summary>Takes over what another cache holds of files that are still the same.</summary>
    public void TakeFrom(MemoryClipCache other)
    {
        if (other.ShortSide != ShortSide || !_reading.Limits.Cover(other._reading.Limits))
        {
            return;
        }

        foreach (var (path, (frames, file)) in other._videos)
        {
            if (file is not null && file == FileStamp.Of(path))
            {
                Keep(path, frames, file);
            }
        }
    }

    private int ShortSide => reduction.ShortSide;

    private Clip[] Decode(ClipSource source, Func<int, int[][]> sample)
    {
        var file = FileStamp.Of(source.VideoPath);
        using var reader = FrameReader.Open(source.VideoPath, _reading);
        if (RoomFor(reader.Facts) is not { } most || FramesWithin(reader, source.VideoPath, most) is not { } frames)
        {
            return new ClipReader(reduction, _reading).ReadViews(source, sample);
        }

        var video = new RememberedFrames(frames, (reader.Width, reader.Height));
        Keep(source.VideoPath, video, file);
        return video.Views(source, sample);
    }

    /// <summary>How many frames of a video there is room for; null where that is fewer than it declares.</summary>
    private long? RoomFor(VideoFile video)
    {
        var most = (capacity - Interlocked.Read(ref _held)) / FrameBytes(video.Width, video.Height);
        return most >= Math.Max(1, video.DeclaredFrameCount) ? most : null;
    }

    private long FrameBytes(int width, int height)
    {
        var (reducedWidth, reducedHeight) = reduction.Size(width, height);
        return (long)reducedWidth * reducedHeight * 3;
    }

    private void Keep(string path, RememberedFrames video, FileStamp? file)
    {
        var bytes = FrameBytes(video.SourceSize.Width, video.SourceSize.Height) * video.Count;
        if (Interlocked.Add(ref _held, bytes) > capacity || !_videos.TryAdd(path, (video, file)))
        {
            Interlocked.Add(ref _held, -bytes);
        }
    }

    /// <summary>All frames, or null where there are more than declared and more than there is room for.</summary>
    private List<Frame>? FramesWithin(FrameReader reader, string path, long most)
    {
        var frames = new List<Frame>();
        foreach (var frame in reduction.ReduceAll(reader, path))
        {
            if (frames.Count >= most)
            {
                return null;
            }

            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Takes the frames of one video while another stage decodes it.</summary>
    private sealed class Taker(MemoryClipCache owner, string path, VideoFile facts, long most) : IFrameTaker
    {
        private readonly FileStamp? _file = FileStamp.Of(path);
        private List<Frame>? _frames = [];

        public bool KeepsFrames => owner.KeepsFramesOf(facts);

        public void Take(Frame frame)
        {
            if (_frames?.Count >= most)
            {
                _frames = null;
            }

            _frames?.Add(owner.Reduce(frame));
        }

        public void Complete()
        {
            if (_frames is { Count: > 0 } frames)
            {
                owner.Keep(path, new RememberedFrames(frames, (facts.Width, facts.Height)), _file);
            }
        }

        public void Dispose() => _frames = null;
    }

    private Frame Reduce(Frame frame) => reduction.Reduce(frame);

    private bool KeepsFramesOf(VideoFile video) => reduction.Leaves(video.Width, video.Height);
}
