using System.Globalization;
using System.Text;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Mutations of JSON token by token, so that most results are JSON still, with unexpected content.</summary>
internal static class JsonMutations
{
    public static IReadOnlyList<Mutation> All { get; } = [ReplaceToken, ReplaceToken, ReplaceNumber, RemoveToken, RepeatSpan, SwapTokens, Nest];

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-1", "-0", "1.5", "1e400", "-1e400", "1e-400", "2147483648", "9223372036854775807", "18446744073709551616", "1E2", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
            "\"\\u0000\"", "\"../../x\"", "\"/etc/passwd\"", "[]", "{}", "[[]]", "{\"\":null}", "[1,2,3]", "\"a\":1", ",", ":", "[", "]", "{", "}", "NaN", "Infinity", "//", "/**/", "\"__metadata__\"", "\"dtype\"",
            "\"shape\"", "\"data_offsets\"", "\"x1\"", "\"labels\"", "\"F32\"", "\"BF16\"", "\"I64\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0x22, 0xFF, 0xFE, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xEF, 0xBB, 0xBF], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
    ];

    public static byte[] ReplaceToken(byte[] input, Draw draw) => Replace(input, Pick(input, draw), draw.Of(Tokens));

    public static byte[] ReplaceNumber(byte[] input, Draw draw)
    {
        var start = draw.Below(input.Length);
        for (var step = 0; step < input.Length; step++)
        {
            var at = (start + step) % input.Length;
            if (char.IsAsciiDigit((char)input[at]))
            {
                return Replace(input, Token(input, at), Encoding.ASCII.GetBytes(draw.Number(input.Length).ToString(CultureInfo.InvariantCulture)));
            }
        }

        return input;
    }

    public static byte[] RemoveToken(byte[] input, Draw draw) => Replace(input, Pick(input, draw), []);

    public static byte[] RepeatSpan(byte[] input, Draw draw)
    {
        var (first, second) = (Pick(input, draw), Pick(input, draw));
        var (start, end) = (Math.Min(first.Start, second.Start), Math.Max(first.End, second.End));
        return end - start > 4096 ? input : [.. input[..end], (byte)',', .. input[start..end], .. input[end..]];
    }

    public static byte[] SwapTokens(byte[] input, Draw draw)
    {
        var (a, b) = (Pick(input, draw), Pick(input, draw));
        (a, b) = a.Start <= b.Start ? (a, b) : (b, a);
        return a.End > b.Start ? input : [.. input[..a.Start], .. input[b.Start..b.End], .. input[a.End..b.Start], .. input[a.Start..a.End], .. input[b.End..]];
    }

    public static byte[] Nest(byte[] input, Draw draw)
    {
        var (token, depth) = (Pick(input, draw), 1 + draw.Below(80));
        var inside = draw.OneIn(2);
        var (open, close) = inside ? ("{\"a\":", "}") : ("[", "]");
        return Replace(input, token, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth))));
    }

    private static byte[] Replace(byte[] input, (int Start, int End) token, byte[] with) => [.. input[..token.Start], .. with, .. input[token.End..]];

    private static (int Start, int End) Pick(byte[] input, Draw draw) => Token(input, draw.Below(input.Length));

    /// <summary>The token around a byte: a word, a number, a text with its quotes, or the byte itself.</summary>
    private static (int Start, int End) Token(byte[] input, int at)
    {
        var (start, end) = (at, at + 1);
        if (IsWord(input[at]))
        {
            while (start > 0 && IsWord(input[start - 1]))
            {
                start--;
            }

            while (end < input.Length && IsWord(input[end]))
            {
                end++;
            }

            if (start > 0 && input[start - 1] == '"' && end < input.Length && input[end] == '"')
            {
                (start, end) = (start - 1, end + 1);
            }
        }

        return (start, end);
    }

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'+';
}
