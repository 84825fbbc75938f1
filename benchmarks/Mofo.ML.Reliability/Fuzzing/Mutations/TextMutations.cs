using System.Text;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Mutations of lists and tables: lines and fields are moved, doubled, and filled with what people and programs write by mistake.</summary>
internal static class TextMutations
{
    public static IReadOnlyList<Mutation> All { get; } = [ReplaceField, ReplaceField, ReplaceSeparators, RepeatLine, RemoveLine, InsertPart, ReplaceLineEnds];

    private static readonly byte[][] Parts =
    [
        .. new[]
        {
            "\"", "\"\"", "\"\"\"", "\"a b\"", "\"a\"\"b\"", "'", "#", "# x", "#a.mp4 0", ",", ",,", "\t", " ", "\u00A0", "\u3000", "\u2028", "\u0085", "\uFEFF", "0", "-1", "0 -1", "1e9", "NaN", "99999999999999999999", "path", "label",
            "path,label", "start", "end", "start_frame", "1:02:03.5", "-5", "00:61", "#t=1,2", "#t=2,1", "#t=,", "#t=1e309", "#frames=5,3", "#frames=0,1", "#frames=99999999999", "/", "..", "/dev/zero", "C:\\a.mp4", "a.mp4",
            "é", "日本", "\0", "\u0007", "\r", "\u001b[31m", "participant_id", "video_id", "start_timestamp", "stop_timestamp", "verb_class", "noun_class", "P01", "P01_101",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F],
    ];

    public static byte[] ReplaceField(byte[] input, Draw draw)
    {
        var (start, end) = Field(input, draw.Below(input.Length));
        return [.. input[..start], .. draw.Of(Parts), .. input[end..]];
    }

    public static byte[] ReplaceSeparators(byte[] input, Draw draw)
    {
        var (from, to) = (draw.Of<byte>([.. ", \t;"u8]), draw.Of<byte>([.. ", \t;\"\r"u8]));
        var all = draw.OneIn(3);
        return Array.ConvertAll(input, b => b == from && (all || draw.OneIn(4)) ? to : b);
    }

    public static byte[] RepeatLine(byte[] input, Draw draw)
    {
        var (start, end) = Line(input, draw.Below(input.Length));
        var at = draw.OneIn(2) ? end : Line(input, draw.Below(input.Length)).Start;
        return [.. input[..at], .. input[start..end], .. input[at..]];
    }

    public static byte[] RemoveLine(byte[] input, Draw draw)
    {
        var (start, end) = Line(input, draw.Below(input.Length));
        return [.. input[..start], .. input[end..]];
    }

    public static byte[] InsertPart(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length + 1);
        return [.. input[..at], .. draw.Of(Parts), .. input[at..]];
    }

    public static byte[] ReplaceLineEnds(byte[] input, Draw draw)
    {
        var end = draw.Of<byte[]>([[.. "\r\n"u8], [.. "\r"u8], [.. "\n\n"u8], []]);
        return [.. input.SelectMany(b => b == '\n' ? end : [b])];
    }

    private static (int Start, int End) Field(byte[] input, int at) => Around(input, at, b => b is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\n');

    private static (int Start, int End) Line(byte[] input, int at)
    {
        var (start, end) = Around(input, at, b => b == '\n');
        return (start, Math.Min(input.Length, end + 1));
    }

    private static (int Start, int End) Around(byte[] input, int at, Func<byte, bool> ends)
    {
        var (start, end) = (at, at);
        while (start > 0 && !ends(input[start - 1]))
        {
            start--;
        }

        while (end < input.Length && !ends(input[end]))
        {
            end++;
        }

        return (start, end);
    }
}
