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

        return fields switch
        {
            [var path] when text[0] != '"' && IsSemicolonRow(path) => throw new FormatException("has its fields set apart by ';', as spreadsheets write them in some countries; write commas, tabs or blanks in place of them (put a path that has a ';' in it in double quotes)"),
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
        if (text.ContainsAnyInRange('\0', '\u0008'))
        {
            throw new FormatException("holds control characters; a list is a text file");
        }
    }

    /// <summary>A line without other separators whose part before the first ';' is a video by its name, and the whole is not.</summary>
    private static bool IsSemicolonRow(string path) => path.IndexOf(';', StringComparison.Ordinal) is var at and > 0 && VideoExtensions.Fits(path[..at]) && !VideoExtensions.Fits(path);

    private static string? FrameListHint(List<string> fields) =>
        fields.Count is 3 or 4 && fields.Skip(1).All(f => int.TryParse(f, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            ? Invariant($"has {fields.Count - 1} numbers after the path, as lists of extracted frames have; expected 'path label' (a folder of images may be the path), or 'path 0 -1' for a whole video without label")
            : null;
}
