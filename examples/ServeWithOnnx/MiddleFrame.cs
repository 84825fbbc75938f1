using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ServeWithOnnx;

/// <summary>Keeps the frame nearest to the middle of a video whose length is known only at its end, out of the frames that pass by.</summary>
/// <remarks>
/// Kept are small copies, each a sixteenth of its number after the one before; those from before the middle of what has been seen are dropped. So about a dozen
/// are held, however long the video is, and one of them is within 6 % of the middle.
/// </remarks>
internal sealed class MiddleFrame : IDisposable
{
    public const int LongestSide = 640;

    private const int Step = 16;

    private readonly LinkedList<(int Index, Mat Picture)> _kept = new();
    private int _next;

    /// <summary>Looks at the next frame.</summary>
    public void See(MotionFrame frame)
    {
        if (frame.Index < _next)
        {
            return;
        }

        _next = frame.Index + 1 + (frame.Index / Step);
        _ = _kept.AddLast((frame.Index, SmallPicture.Of(frame, LongestSide)));
        while (_kept.First!.Next is { } second && second.Value.Index <= frame.Index / 2)
        {
            _kept.First.Value.Picture.Dispose();
            _kept.RemoveFirst();
        }
    }

    /// <summary>The kept frame nearest to the middle of so many frames; the picture stays this object's.</summary>
    public (int Index, Mat Picture) Of(int frames) => _kept.MinBy(kept => Math.Abs(kept.Index - (frames / 2)));

    public void Dispose()
    {
        foreach (var (_, picture) in _kept)
        {
            picture.Dispose();
        }
    }
}
