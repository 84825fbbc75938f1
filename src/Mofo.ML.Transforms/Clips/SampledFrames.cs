using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>The frames of all views of one video, read in one pass, each turned into what is kept of it as soon as it is decoded.</summary>
/// <typeparam name="T">What is kept of a frame.</typeparam>
internal sealed class SampledFrames<T>
{
    private readonly int[] _indices;
    private readonly T[] _kept;

    /// <param name="views">Frame indices of every view.</param>
    /// <param name="indices">All of them once, ascending.</param>
    /// <param name="kept">What is kept of each frame of <paramref name="indices"/>.</param>
    /// <param name="boxes">Boxes in pixels of the source.</param>
    /// <param name="sourceSize">Size of the source's frames.</param>
    public SampledFrames(int[][] views, int[] indices, T[] kept, BoxRow boxes, (int Width, int Height) sourceSize) =>
        (Views, _indices, _kept, Boxes, SourceSize) = (views, indices, kept, boxes, sourceSize);

    /// <summary>Frame indices of every view.</summary>
    public int[][] Views { get; }

    /// <summary>Boxes in pixels of the source.</summary>
    public BoxRow Boxes { get; }

    /// <summary>Size of the source's frames.</summary>
    public (int Width, int Height) SourceSize { get; }

    /// <summary>What is kept of the frame with this index, which is in a view.</summary>
    public T At(int index) => _kept[Array.BinarySearch(_indices, index)];

    /// <summary>Opens the video, chooses frames over all that it has, and reads them.</summary>
    /// <param name="source">Video and boxes.</param>
    /// <param name="sample">Number of frames to the indices of every view. A box for every frame gives their number; otherwise they are counted.</param>
    /// <param name="keep">Makes of a frame what is kept of it; called once per frame.</param>
    /// <param name="keepsFrame">Whether <paramref name="keep"/> may give the frame itself, for frames of this width and height; otherwise each is written over the one before.</param>
    /// <param name="reading">Limits, warnings, cancellation.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">The file cannot be read.</exception>
    public static SampledFrames<T> Read(ClipSource source, Func<int, int[][]> sample, Func<Frame, T> keep, Func<int, int, bool> keepsFrame, VideoReading? reading, CancellationToken cancel = default)
    {
        using var reader = FrameReader.Open(source.VideoPath, reading, cancel);
        reader.ReusesMemory = !keepsFrame(reader.Width, reader.Height);
        var boxes = new BoxRow(source);
        var views = sample(boxes.PerFrameCount ?? reader.CountFrames());
        var indices = views.SelectMany(view => view).Distinct().Order().ToArray();
        return new(views, indices, reader.ReadAt(indices, keep), boxes, (reader.Width, reader.Height));
    }
}
