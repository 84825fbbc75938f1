using System.Globalization;
using System.Text;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Splits one line of a list into path and label.</summary>
/// <remarks>
/// <c>path label</c>, <c>path,label</c> or path TAB label; the label may be missing. Either may stand in double quotes, with a quote inside doubled.
/// A path with spaces needs quotes, a comma or a tab; a path with commas needs quotes.
/// </remarks>
internal static class VideoListLine
{
    /// <summary>Null for a blank line or a comment (<c>#</c> first).</summary>
    /// <exception cref="FormatException">What is wrong with the line, to be completed with file and number.</exception>
    public static (string Path, string? Label)? Parse(string line)
    {
        var text = line.AsSpan().Trim();
        if (text.IsEmpty || text[0] == '#')
        {
            return null;
        }

        if (text.ContainsAnyInRange('\0', '\u0008'))
        {
            throw new FormatException("holds control characters; a list is a text file");
        }

        var fields = Split(text);
        if (fields.Count > 2)
        {
            throw new FormatException(FrameListHint(fields)
                ?? Invariant($"has {fields.Count} fields; expected 'path label' or 'path,label' (put a path or label with spaces or commas in double quotes)"));
        }

        return fields[0].Length > 0
            ? (fields[0], fields.Count == 2 && fields[1].Length > 0 ? fields[1] : null)
            : throw new FormatException("has no path before its label");
    }

    private static string? FrameListHint(List<string> fields) =>
        fields.Count is 3 or 4 && fields.Skip(1).All(f => int.TryParse(f, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            ? Invariant($"has {fields.Count - 1} numbers after the path, as lists of extracted frames have; expected 'path label' (a folder of images may be the path)")
            : null;

    private static List<string> Split(ReadOnlySpan<char> text)
    {
        // The first separator outside quotes decides: a tab before a comma before blanks.
        var separator = SeparatorOf(text);
        var fields = new List<string>();
        while (true)
        {
            fields.Add(TakeField(ref text, separator));
            if (text.IsEmpty)
            {
                return fields;
            }

            text = separator == ' ' ? text.TrimStart() : text[1..].TrimStart(' ');
            if (text.IsEmpty)
            {
                fields.Add(string.Empty);
                return fields;
            }
        }
    }

    private static char SeparatorOf(ReadOnlySpan<char> text)
    {
        var quoted = false;
        var comma = false;
        foreach (var c in text)
        {
            quoted ^= c == '"';
            if (!quoted && c == '\t')
            {
                return '\t';
            }

            comma |= !quoted && c == ',';
        }

        return comma ? ',' : ' ';
    }

    private static string TakeField(ref ReadOnlySpan<char> text, char separator)
    {
        if (text[0] == '"')
        {
            var field = TakeQuoted(ref text);
            text = separator == '\t' ? text.TrimStart(' ') : text.TrimStart();
            return text.IsEmpty || separator == ' ' || text[0] == separator
                ? field
                : throw new FormatException("has text after a closing quote; a quote inside quotes is written twice");
        }

        var end = separator == ' ' ? IndexOfBlank(text) : text.IndexOf(separator);
        var plain = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[end..];
        return plain.Trim().ToString();
    }

    private static int IndexOfBlank(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string TakeQuoted(ref ReadOnlySpan<char> text)
    {
        var field = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                field.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append(text[i++]);
            }
            else
            {
                text = text[(i + 1)..];
                return text.IsEmpty || text[0] is ',' || char.IsWhiteSpace(text[0])
                    ? field.ToString()
                    : throw new FormatException($"has '{text[0]}' right after a closing quote; a quote inside quotes is written twice");
            }
        }

        throw new FormatException("has an opening quote without a closing one");
    }
}
