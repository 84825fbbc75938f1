using System.Collections.Concurrent;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Keeps the frames of videos in memory, reduced to what training can use, so that small sets are decoded once and not in every epoch.</summary>
/// <remarks>
/// Every video is reduced alike, remembered or not: how much fits, and which thread came first, changes no pixel. What does not fit is
/// decoded anew each time.
/// </remarks>
/// <param name="shortSide">Frames with a longer short side are reduced to it.</param>
/// <param name="capacity">Bytes of pixels kept at most.</param>
internal sealed class RememberedClips(int shortSide, long capacity) : IClipSource
{
    private readonly ConcurrentDictionary<string, KeptVideo> _videos = new();
    private long _held;

    /// <summary>The source for a trainer: crops keep at least half of a side, so one and a half times the input size loses little.</summary>
    public static IClipSource For(int imageSize, int megabytes) =>
        megabytes == 0 ? new ClipReader() : new RememberedClips(imageSize * 3 / 2, (long)megabytes << 20);

    /// <inheritdoc/>
    public Clip Read(ClipSource source, Func<int, int[]> sample) => ReadViews(source, frames => [sample(frames)])[0];

    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample)
    {
        try
        {
            return _videos.TryGetValue(source.VideoPath, out var video) ? Views(source, video, sample) : Decode(source, sample);
        }
        catch (VideoException error) when (source.Row is { } row && error.Row is null)
        {
            throw error.WithRow(row);
        }
    }

    private Clip[] Decode(ClipSource source, Func<int, int[][]> sample)
    {
        using var reader = FrameReader.Open(source.VideoPath);
        var (width, height) = Reduced(reader.Width, reader.Height);
        if ((long)width * height * 3 * reader.DeclaredFrameCount > capacity - Interlocked.Read(ref _held))
        {
            return new ClipReader(Reduce).ReadViews(source, sample);
        }

        var frames = new List<Frame>(reader.DeclaredFrameCount);
        while (reader.TryRead(out var frame))
        {
            frames.Add(Reduce(frame));
        }

        if (frames.Count == 0)
        {
            throw new VideoException(source.VideoPath, "it has no frame that decodes");
        }

        var video = new KeptVideo(frames, (reader.Width, reader.Height));
        var bytes = (long)frames.Count * width * height * 3;
        if (Interlocked.Add(ref _held, bytes) > capacity || !_videos.TryAdd(source.VideoPath, video))
        {
            Interlocked.Add(ref _held, -bytes);
        }

        return Views(source, video, sample);
    }

    private static Clip[] Views(ClipSource source, KeptVideo video, Func<int, int[][]> sample)
    {
        var boxes = new BoxRow(source);
        var views = sample(boxes.PerFrameCount ?? video.Frames.Count);
        return Array.ConvertAll(
            views, view => ClipReader.MakeClip(view, index => video.Frames[Math.Min(index, video.Frames.Count - 1)], boxes, video.SourceSize));
    }

    private (int Width, int Height) Reduced(int width, int height) =>
        Math.Min(width, height) <= shortSide ? (width, height) : SpatialViews.ShortSide(width, height, shortSide);

    private unsafe Frame Reduce(Frame frame)
    {
        var (width, height) = Reduced(frame.Width, frame.Height);
        if (frame.Width == width && frame.Height == height)
        {
            return frame;
        }

        var pixels = new byte[width * height * 3];
        fixed (byte* from = frame.Pixels, to = pixels)
        {
            using var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, (nint)from);
            using var target = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)to);
            Cv2.Resize(source, target, new Size(width, height), interpolation: InterpolationFlags.Area);
        }

        return new Frame(width, height, pixels);
    }

    private sealed record KeptVideo(IReadOnlyList<Frame> Frames, (int Width, int Height) SourceSize);
}
