namespace Mofo.ML.Transforms.Video;

/// <summary>Orders file names with the numbers in them compared as numbers: frame_2 before frame_10.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y; // null reads as empty
        while (a.Length > 0 && b.Length > 0)
        {
            var order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0])
                ? CompareNumbers(TakeDigits(ref a), TakeDigits(ref b))
                : TakeOne(ref a).CompareTo(TakeOne(ref b));
            if (order != 0)
            {
                return order;
            }
        }

        // Equal but for leading zeros: the plain order decides, so that no two different names compare as equal.
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(x ?? string.Empty, y ?? string.Empty);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }

    private static char TakeOne(ref ReadOnlySpan<char> text)
    {
        var first = text[0];
        text = text[1..];
        return first;
    }
}
