using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ServeWithOnnx;

/// <summary>Frames spread evenly over a video whose length is known only at its end, as small JPEG pictures.</summary>
/// <remarks>Every frame is kept at first. Whenever there are more than <see cref="Most"/>, every second is dropped and only every second of those to come is kept.</remarks>
internal sealed class FrameStrip
{
    public const int Most = 64;
    public const int LongestSide = 400;

    private readonly List<(int Index, byte[] Jpeg)> _kept = [];
    private int _step = 1;

    public IReadOnlyList<FramePicture> Pictures => [.. _kept.Select(kept => new FramePicture(kept.Index, $"data:image/jpeg;base64,{Convert.ToBase64String(kept.Jpeg)}"))];

    /// <summary>Looks at the next frame.</summary>
    public void See(MotionFrame frame)
    {
        if (frame.Index % _step != 0)
        {
            return;
        }

        using var small = SmallPicture.Of(frame, LongestSide);
        _kept.Add((frame.Index, small.ToBytes(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 80))));
        if (_kept.Count > Most)
        {
            _step *= 2;
            _ = _kept.RemoveAll(kept => kept.Index % _step != 0);
        }
    }
}
