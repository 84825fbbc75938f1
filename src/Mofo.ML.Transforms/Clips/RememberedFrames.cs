using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>The frames of a video in memory.</summary>
/// <param name="frames">All of them, reduced.</param>
/// <param name="sourceSize">Size of a frame of the video.</param>
internal sealed class RememberedFrames(IReadOnlyList<Frame> frames, (int Width, int Height) sourceSize) : KeptFrames
{
    public override int Count => frames.Count;

    public override (int Width, int Height) SourceSize => sourceSize;

    protected override Frame At(int index) => frames[index];
}
