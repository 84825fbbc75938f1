namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Finds the black bars of letterboxed and pillarboxed video: edge rows and columns that were black in every frame so far.</summary>
/// <remarks>
/// Bars rest while the camera moves the picture behind them, so that their edges look like motion. What has shown a picture once is no bar any more.
/// A frame that is dark nearly everywhere, as in a fade, says nothing.
/// </remarks>
internal sealed class BlackBars(int width, int height)
{
    /// <summary>Video black is 0; what compression leaves beside an edge stays below this (measured: 11).</summary>
    private const byte Darkest = 16;

    /// <summary>A picture is at least this share of the frame's width and height; upright video in a wide frame has 0.32.</summary>
    private const double SmallestShare = 0.25;

    private PictureArea? _area;

    /// <summary>Takes the next frame; gives the area of all frames so far.</summary>
    /// <param name="gray">Row-major, width * height bytes.</param>
    public PictureArea Take(ReadOnlySpan<byte> gray)
    {
        var whole = PictureArea.Whole(width, height);
        if (_area != whole && AreaOf(gray) is { } area)
        {
            _area = _area is { } before ? before.With(area) : area;
        }

        return _area ?? whole;
    }

    private PictureArea? AreaOf(ReadOnlySpan<byte> gray)
    {
        var (left, top, right, bottom) = (width, -1, 0, 0);
        for (var y = 0; y < height; y++)
        {
            var row = gray.Slice(y * width, width);
            var first = row.IndexOfAnyExceptInRange((byte)0, Darkest);
            if (first >= 0)
            {
                (left, top, bottom) = (Math.Min(left, first), top < 0 ? y : top, y + 1);
                right = Math.Max(right, right == width ? width : row.LastIndexOfAnyExceptInRange((byte)0, Darkest) + 1);
            }
        }

        return top >= 0 && right - left >= SmallestShare * width && bottom - top >= SmallestShare * height ? new(left, top, right, bottom) : null;
    }
}
