using System.Collections.Concurrent;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Keeps the frames of videos on a GPU, reduced to what training can use, so that from the second epoch on nothing is decoded and nothing travels.</summary>
/// <remarks>
/// The clips that it gives have their pixels there; crops and what else augmentation does are carried out for a whole batch (<see cref="CardCrops"/>). Videos beyond its room are
/// decoded each time, reduced alike, and travel as bytes.
/// </remarks>
/// <param name="reduction">Size of the frames kept.</param>
/// <param name="capacity">Bytes of pixels kept at most.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
/// <param name="device">Where the frames are kept.</param>
internal sealed class CardClipCache(FrameReduction reduction, long capacity, VideoReading? reading, Device device) : IClipSource, IDisposable
{
    private readonly ConcurrentDictionary<string, CardVideo> _videos = new();
    private long _held;

    private long Room => capacity - Interlocked.Read(ref _held);

    /// <inheritdoc/>
    /// <exception cref="Mofo.ML.Transforms.VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(
        () => _videos.TryGetValue(source.VideoPath, out var video) ? video.Views(source, sample) : Decode(source, sample));

    public void Dispose()
    {
        foreach (var video in _videos.Values)
        {
            video.Frames.Dispose();
        }
    }

    private Clip[] Decode(ClipSource source, Func<int, int[][]> sample)
    {
        using var reader = FrameReader.Open(source.VideoPath, reading);
        var size = (reader.Width, reader.Height);
        var (width, height) = reduction.Size(reader.Width, reader.Height);
        var frameBytes = (long)width * height * 3;
        if (frameBytes * Math.Max(1, reader.DeclaredFrameCount) > Room)
        {
            return OnHost(source, sample);
        }

        List<Frame> frames = [];
        foreach (var frame in reduction.ReduceAll(reader, source.VideoPath))
        {
            if (frameBytes * (frames.Count + 1) > Room)
            {
                return OnHost(source, sample);
            }

            frames.Add(frame);
        }

        var bytes = frameBytes * frames.Count;
        if (Interlocked.Add(ref _held, bytes) > capacity)
        {
            _ = Interlocked.Add(ref _held, -bytes);
            return new RememberedFrames(frames, size).Views(source, sample);
        }

        var video = new CardVideo(frames, size, device);
        if (!_videos.TryAdd(source.VideoPath, video))
        {
            // Another row of the same file was faster.
            _ = Interlocked.Add(ref _held, -bytes);
            video.Frames.Dispose();
            video = _videos[source.VideoPath];
        }

        return video.Views(source, sample);
    }

    private Clip[] OnHost(ClipSource source, Func<int, int[][]> sample) => new ClipReader(reduction, reading).ReadViews(source, sample);
}
