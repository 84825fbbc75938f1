using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>All frames of a video, decoded and reduced earlier.</summary>
internal abstract class KeptFrames
{
    /// <summary>Number of frames, at least 1.</summary>
    public abstract int Count { get; }

    /// <summary>Width and height of the video itself, which motion boxes refer to.</summary>
    public abstract (int Width, int Height) SourceSize { get; }

    /// <summary>Clips of these frames.</summary>
    public Clip[] Views(ClipSource source, Func<int, int[][]> sample)
    {
        var boxes = new BoxRow(source);
        var views = sample(boxes.PerFrameCount ?? Count);

        // One pass over the frames: a frame of several views is fetched once.
        var wanted = views.SelectMany(view => view).Select(Kept).Distinct().ToDictionary(index => index, At);
        return Array.ConvertAll(views, view => ClipReader.MakeClip(view, index => wanted[Kept(index)], boxes, SourceSize));
    }

    /// <summary>The frame of this number, in [0, <see cref="Count"/>).</summary>
    protected abstract Frame At(int index);

    // Boxes may count one frame more than the decoder gives; see FrameReader.
    private int Kept(int index) => Math.Min(index, Count - 1);
}
