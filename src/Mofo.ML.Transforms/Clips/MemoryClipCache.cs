using System.Collections.Concurrent;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Keeps the frames of videos in memory, reduced to what training can use, so that small sets are decoded once and not in every epoch.</summary>
/// <remarks>
/// Every video is reduced alike, remembered or not: how much fits, and which thread came first, changes no pixel. What does not fit is
/// decoded again each time.
/// </remarks>
/// <param name="reduction">Size of the frames kept.</param>
/// <param name="capacity">Bytes of pixels kept at most.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class MemoryClipCache(FrameReduction reduction, long capacity, VideoReading? reading = null) : IClipSource
{
    private readonly ConcurrentDictionary<string, RememberedFrames> _videos = new();
    private long _held;

    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(
        () => _videos.TryGetValue(source.VideoPath, out var video) ? video.Views(source, sample) : Decode(source, sample));

    private Clip[] Decode(ClipSource source, Func<int, int[][]> sample)
    {
        using var reader = FrameReader.Open(source.VideoPath, reading);
        var (width, height) = reduction.Size(reader.Width, reader.Height);
        var (frameBytes, room) = ((long)width * height * 3, capacity - Interlocked.Read(ref _held));
        if (frameBytes * Math.Max(1, reader.DeclaredFrameCount) > room || FramesWithin(reader, source.VideoPath, room / frameBytes) is not { } frames)
        {
            return new ClipReader(reduction.Reduce, reading).ReadViews(source, sample);
        }

        var video = new RememberedFrames(frames, (reader.Width, reader.Height));
        var bytes = frameBytes * video.Count;
        if (Interlocked.Add(ref _held, bytes) > capacity || !_videos.TryAdd(source.VideoPath, video))
        {
            Interlocked.Add(ref _held, -bytes);
        }

        return video.Views(source, sample);
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
}
