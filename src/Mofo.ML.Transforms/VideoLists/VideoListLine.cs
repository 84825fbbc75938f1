using System.Globalization;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Splits one line of a list into path and label.</summary>
/// <remarks>
/// <c>path label</c>, <c>path,label</c> or path TAB label; the label may be missing. Either may stand in double quotes, with a quote inside doubled.
/// A path with spaces needs quotes, a comma or a tab; a path with commas needs quotes. <c>path 0 -1</c> is a whole video without label, as in the
/// pretraining lists of VideoMAE V2 (start and number of frames; -1 for all).
/// </remarks>
internal static class VideoListLine
{
    /// <summary>Null for a blank line.</summary>
    /// <exception cref="FormatException">What is wrong with the line, to be completed with file and number.</exception>
    public static (string Path, string? Label)? Parse(string line)
    {
        var text = line.AsSpan().Trim();
        if (text.IsEmpty)
        {
            return null;
        }

        CheckIsText(text);
        var fields = DelimitedLine.Split(text, DelimitedLine.SeparatorOf(text));
        if (fields[0].Length == 0)
        {
            throw new FormatException("has no path before its label");
        }

        if (text[0] != '"')
        {
            CheckSeparators(fields);
        }

        return fields switch
        {
            [var path] => (path, null),
            [var path, var label] => (path, label.Length > 0 ? label : null),
            [var path, "0", "-1"] => (path, null),
            _ => throw new FormatException(FrameListHint(fields)
                ?? Invariant($"has {fields.Count} fields; expected 'path label' or 'path,label' (put a path or label with spaces or commas in double quotes)")
                + ", or a first line that names the columns, such as 'path,label'"),
        };
    }

    /// <exception cref="FormatException">The line is not text.</exception>
    public static void CheckIsText(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyInRange('\0', '\u0008') || text.ContainsAnyInRange('\u000E', '\u001F'))
        {
            throw new FormatException("holds control characters; a list is a text file");
        }
    }

    /// <summary>Finds a path that holds the label too, since the line has other separators than those that are read.</summary>
    /// <exception cref="FormatException">The path is no video by its name, and the part of it before ';', '|' or a blank is one.</exception>
    private static void CheckSeparators(List<string> fields)
    {
        var path = fields[0];
        if (VideoExtensions.Fits(path))
        {
            return;
        }

        foreach (var separator in ";|")
        {
            if (BeginsWithVideo(path, separator))
            {
                throw new FormatException($"has its fields set apart by '{separator}', as spreadsheets write them in some countries; write commas, tabs or blanks in place of them (put a path that has a '{separator}' in it in double quotes)");
            }
        }

        if (fields.Count > 1 && BeginsWithVideo(path, ' '))
        {
            throw new FormatException($"has a comma or tab behind '{path}', which would be part of the label; put a label with a comma in double quotes, and write decimal numbers with a point");
        }
    }

    private static bool BeginsWithVideo(string path, char separator) => path.IndexOf(separator, StringComparison.Ordinal) is var at and > 0 && VideoExtensions.Fits(path[..at]);

    private static string? FrameListHint(List<string> fields) =>
        fields.Count is 3 or 4 && fields.Skip(1).All(f => int.TryParse(f, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            ? Invariant($"has {fields.Count - 1} numbers after the path, as lists of extracted frames have; expected 'path label' (a folder of images may be the path), or 'path 0 -1' for a whole video without label")
            : null;
}
