using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>All frames of a video, reduced, as bytes on a device.</summary>
internal sealed class CardVideo
{
    /// <param name="frames">The reduced frames, in order, all of one size.</param>
    /// <param name="sourceSize">Width and height of the video itself, which motion boxes refer to.</param>
    /// <param name="device">Where the bytes go.</param>
    public CardVideo(IReadOnlyList<Frame> frames, (int Width, int Height) sourceSize, Device device)
    {
        (Width, Height, SourceSize) = (frames[0].Width, frames[0].Height, sourceSize);
        using var scope = NewDisposeScope();
        var bytes = empty([frames.Count, Height, Width, 3], ScalarType.Byte);
        var frameBytes = Width * Height * 3;
        for (var i = 0; i < frames.Count; i++)
        {
            using var entry = bytes.select(0, i);
            frames[i].Pixels.AsSpan(0, frameBytes).CopyTo(entry.bytes);
        }

        Frames = bytes.to(device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>[F,H,W,3] uint8 on the device.</summary>
    public Tensor Frames { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Width and height of the video itself.</summary>
    public (int Width, int Height) SourceSize { get; }

    /// <summary>Clips of these frames, their pixels left on the device.</summary>
    public Clip[] Views(ClipSource source, Func<int, int[][]> sample)
    {
        var (boxes, count) = (new BoxRow(source), (int)Frames.shape[0]);
        var (scaleX, scaleY) = ((float)Width / SourceSize.Width, (float)Height / SourceSize.Height);

        // Boxes may count one frame more than the decoder gives; see FrameReader.
        return Array.ConvertAll(sample(boxes.PerFrameCount ?? count), view => new Clip(
            Width,
            Height,
            Array.ConvertAll(view, index => boxes[index].Scale(scaleX, scaleY)),
            new DeferredPixels(this, Array.ConvertAll(view, index => Math.Min(index, count - 1)), [])));
    }
}
