using System.Text;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Splits a line of text into fields; a field may stand in double quotes, with a quote inside doubled (RFC 4180, and the same with blanks or tabs).</summary>
internal static class DelimitedLine
{
    /// <summary>The separator that occurs outside quotes: a tab before a comma before blanks.</summary>
    public static char SeparatorOf(ReadOnlySpan<char> text)
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

    /// <summary>The fields, without their quotes and the blanks around them.</summary>
    /// <exception cref="FormatException">Quotes do not fit; to be completed with file and line.</exception>
    public static List<string> Split(ReadOnlySpan<char> text, char separator)
    {
        var fields = new List<string>();
        text = text.TrimStart(' ');
        if (text.IsEmpty)
        {
            return fields;
        }

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
        return plain.Contains(TextLines.ByteOrderMark)
            ? throw new FormatException("has a byte order mark inside, as where files were joined without a line end between them; break the line there")
            : plain.Trim().ToString();
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
