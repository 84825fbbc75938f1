using System.Globalization;

namespace Mofo.ML.Transforms.Video;

/// <summary>The end of an address that names a part of a video: <c>#t=12.5,15</c> (W3C, Media Fragments URI 1.0, 4.2.1) or <c>#frames=300,360</c>.</summary>
internal static class SegmentFragment
{
    private const string Time = "#t=";
    private const string Frames = "#frames=";

    /// <summary>Empty for the whole video.</summary>
    public static string Of(in VideoSegment segment) =>
        segment.IsInFrames ? Frames + Range(Text(segment.StartFrame), Text(segment.EndFrame))
        : segment.StartSeconds is null && segment.EndSeconds is null ? ""
        : Time + Range(Text(segment.StartSeconds), Text(segment.EndSeconds));

    public static bool TryParse(string address, out VideoSegment segment)
    {
        segment = default;
        var mark = address.LastIndexOf('#');
        var kind = Array.Find([Time, Frames], kind => mark > 0 && string.CompareOrdinal(address, mark, kind, 0, kind.Length) == 0);
        if (kind is null)
        {
            return false;
        }

        var range = address[(mark + kind.Length)..];
        try
        {
            return kind == Time ? TryParseTimes(address[..mark], range, out segment) : TryParseFrames(address[..mark], range, out segment);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static string Range(string start, string end) => end.Length == 0 ? start : $"{start},{end}";

    private static string Text(int? frame) => Invariant($"{frame}");

    // To the nanosecond, and never with an exponent.
    private static string Text(double? seconds) => Invariant($"{seconds:0.#########}");

    private static bool TryParseTimes(string path, string range, out VideoSegment segment)
    {
        segment = default;
        var parts = (range.StartsWith("npt:", StringComparison.Ordinal) ? range[4..] : range).Split(',');
        double? start = null, end = null;
        if (!HasPart(parts) || !TryTake(parts[0], ref start) || (parts.Length == 2 && !TryTake(parts[1], ref end)))
        {
            return false;
        }

        segment = VideoSegment.OfSeconds(path, start, end);
        return true;

        static bool TryTake(string text, ref double? seconds)
        {
            if (text.Length == 0)
            {
                return true;
            }

            var parsed = VideoTime.TryParse(text, out var value);
            seconds = value;
            return parsed;
        }
    }

    private static bool TryParseFrames(string path, string range, out VideoSegment segment)
    {
        segment = default;
        var parts = range.Split(',');
        int? start = null, end = null;
        if (!HasPart(parts) || !TryTake(parts[0], ref start) || (parts.Length == 2 && !TryTake(parts[1], ref end)))
        {
            return false;
        }

        segment = VideoSegment.OfFrames(path, start, end);
        return true;

        static bool TryTake(string text, ref int? number)
        {
            if (text.Length == 0)
            {
                return true;
            }

            var parsed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
            number = value;
            return parsed;
        }
    }

    private static bool HasPart(string[] parts) => parts.Length is 1 or 2 && Array.Exists(parts, part => part.Length > 0);
}
