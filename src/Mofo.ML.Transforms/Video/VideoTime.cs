using System.Globalization;

namespace Mofo.ML.Transforms.Video;

/// <summary>Moments of a video as text: seconds (<c>75.25</c>), or minutes and hours before them (<c>1:15.25</c>, <c>00:01:15.250</c>).</summary>
internal static class VideoTime
{
    /// <summary>Reads a moment; invariant, never negative.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        text = text.Trim();
        var parts = 0;
        foreach (var range in text.Split(':'))
        {
            var part = text[range];
            var isLast = range.End.Value == text.Length;
            var style = isLast ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (++parts > 3 || part.IsEmpty || !double.TryParse(part, style, CultureInfo.InvariantCulture, out var value) || (parts > 1 && value >= 60))
            {
                return false;
            }

            seconds = (60 * seconds) + value;
        }

        return double.IsFinite(seconds);
    }
}
