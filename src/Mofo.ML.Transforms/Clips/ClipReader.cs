using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Video file, boxes and frame choice to clip. Opens the file at every call, so one reader serves all threads.</summary>
/// <param name="reduction">Applied to every frame as it is decoded, so that whole frames are never held; null leaves them as they are. Boxes follow the size.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class ClipReader(FrameReduction? reduction = null, VideoReading? reading = null) : IClipSource
{
    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(() =>
    {
        var frames = SampledFrames<Frame>.Read(source, sample, frame => reduction?.Reduce(frame) ?? frame, (width, height) => reduction?.Leaves(width, height) ?? true, reading);
        return Array.ConvertAll(frames.Views, view => MakeClip(view, frames.At, frames.Boxes, frames.SourceSize));
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
}
