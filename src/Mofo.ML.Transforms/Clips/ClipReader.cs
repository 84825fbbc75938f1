using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Video file, boxes and frame choice to clip. Opens the file at every call, so one reader serves all threads.</summary>
/// <param name="reduce">Applied to every frame that is used; null leaves frames as they are. Boxes follow the size.</param>
internal sealed class ClipReader(Func<Frame, Frame>? reduce = null) : IClipSource
{
    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(() =>
    {
        using var reader = FrameReader.Open(source.VideoPath);
        var boxes = new BoxRow(source);
        var views = sample(boxes.PerFrameCount ?? FrameCount(reader));
        var wanted = views.SelectMany(view => view).Distinct().Order().ToArray();
        var frames = reader.ReadAt(wanted).Select(frame => reduce?.Invoke(frame) ?? frame).ToArray();
        return Array.ConvertAll(
            views, view => MakeClip(view, index => frames[Array.BinarySearch(wanted, index)], boxes, (reader.Width, reader.Height)));
    });

    /// <summary>The frames of one view and their boxes.</summary>
    /// <param name="view">Frame indices.</param>
    /// <param name="frameAt">Index to frame.</param>
    /// <param name="boxes">Boxes in pixels of the source.</param>
    /// <param name="sourceSize">Size of the source's frames, which those given may fall short of.</param>
    internal static Clip MakeClip(int[] view, Func<int, Frame> frameAt, BoxRow boxes, (int Width, int Height) sourceSize)
    {
        var first = frameAt(view[0]);
        var clip = new Clip(view.Length, first.Width, first.Height);
        var (scaleX, scaleY) = ((float)first.Width / sourceSize.Width, (float)first.Height / sourceSize.Height);
        for (var i = 0; i < view.Length; i++)
        {
            frameAt(view[i]).Pixels.AsSpan(0, clip.FrameBytes).CopyTo(clip.Frame(i));
            clip.Boxes[i] = boxes[view[i]].Scale(scaleX, scaleY);
        }

        return clip;
    }

    // The declared number may be one too high, which the reader puts up with; some streams declare none.
    private static int FrameCount(FrameReader reader) => reader.DeclaredFrameCount > 0 ? reader.DeclaredFrameCount : reader.CountFrames();
}
