using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Makes frames as small as training can use them, before they are kept.</summary>
/// <param name="shortSide">Frames with a longer short side are reduced to it; smaller ones stay as they are.</param>
internal sealed class FrameReduction(int shortSide)
{
    /// <summary>The short side that is used, in pixels.</summary>
    public int ShortSide => shortSide;

    /// <summary>Size of a reduced frame.</summary>
    public (int Width, int Height) Size(int width, int height) =>
        Math.Min(width, height) <= shortSide ? (width, height) : SpatialViews.ShortSide(width, height, shortSide);

    /// <summary>Whether a frame of this size is small enough: <see cref="Reduce"/> then gives the frame itself.</summary>
    public bool Leaves(int width, int height) => Size(width, height) == (width, height);

    /// <summary>The frame reduced, or itself where it is small enough.</summary>
    /// <param name="frame">It stays as it is.</param>
    /// <param name="memory">Pixels of an earlier reduced frame that nobody needs any more, to write into where the size fits; null for new ones.</param>
    public unsafe Frame Reduce(Frame frame, byte[]? memory = null)
    {
        if (Leaves(frame.Width, frame.Height))
        {
            return frame;
        }

        var (width, height) = Size(frame.Width, frame.Height);
        var bytes = width * height * 3;
        var pixels = memory?.Length == bytes ? memory : GC.AllocateUninitializedArray<byte>(bytes);
        fixed (byte* from = frame.Pixels, to = pixels)
        {
            using var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, (nint)from);
            using var target = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)to);
            Cv2.Resize(source, target, new Size(width, height), interpolation: InterpolationFlags.Area);
        }

        return new Frame(width, height, pixels);
    }

    /// <summary>All frames of an open video, reduced, one after the other.</summary>
    /// <param name="reader">The video; its <see cref="FrameReader.ReusesMemory"/> is set here.</param>
    /// <param name="videoPath">For messages.</param>
    /// <param name="keeps">Whether the caller holds a reduced frame while it takes the next; otherwise each may be written over the one before.</param>
    /// <exception cref="VideoException">It has no frame that decodes, or is truncated.</exception>
    public IEnumerable<Frame> ReduceAll(FrameReader reader, string videoPath, bool keeps = true)
    {
        var leaves = Leaves(reader.Width, reader.Height);
        reader.ReusesMemory = !keeps || !leaves;
        Frame? reduced = null;
        while (reader.TryRead(out var frame))
        {
            reduced = Reduce(frame, keeps || leaves ? null : reduced?.Pixels);
            yield return reduced;
        }

        if (reduced is null)
        {
            throw new VideoException(videoPath, "it has no frame that decodes");
        }
    }
}
