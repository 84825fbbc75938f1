namespace Mofo.ML.Transforms.VideoLists;

/// <summary>The columns that the first line of a list names (a header row, as pandas and spreadsheets write one).</summary>
internal sealed class ListColumns
{
    // Compared without case, blanks, '_' and '-'.
    private static readonly string[] PathNames = ["path", "videopath", "video", "videofile", "videoname", "file", "filename", "filepath", "clip", "clippath"];
    private static readonly string[] LabelNames = ["label", "labels", "class", "classname", "classid", "labelid", "action", "category", "target"];

    private readonly string[] _names;
    private readonly char _separator;
    private readonly int _path;
    private readonly int _label;
    private readonly ListSegments _segments;

    private ListColumns(string line, string[] names, char separator, int path, int label)
    {
        (Line, _names, _separator, _path, _label) = (line, names, separator, path, label);
        _segments = new ListSegments(names.Select(Plain));
    }

    /// <summary>The header row itself.</summary>
    public string Line { get; }

    /// <summary>The columns without a meaning here.</summary>
    public IEnumerable<string> Unread => _names.Where((name, i) => i != _path && i != _label && !_segments.Reads(i) && name.Length > 0);

    /// <summary>The columns that a line names; null where it is no header.</summary>
    /// <param name="line">The first line of a list that is no comment.</param>
    /// <param name="videoFolder">Where relative paths start: a video of that name is a video and no header.</param>
    public static ListColumns? Of(string line, string videoFolder)
    {
        var separator = DelimitedLine.SeparatorOf(line);
        try
        {
            string[] names = [.. DelimitedLine.Split(line.AsSpan().TrimEnd(' '), separator)];
            var (path, label) = (Find(names, PathNames), Find(names, LabelNames));

            // A folder of frames called "video" with the class 3 is a row. A single name, or one beside a label's, is a header.
            return path >= 0 && (label >= 0 || names.Length == 1 || new ListSegments(names.Select(Plain)).Any) && !Path.Exists(Path.GetFullPath(names[path], videoFolder))
                ? new ListColumns(line, names, separator, path, label)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Path (or the address of a segment) and label of a line; null for a blank one and for the header again, as lists that were joined have it.</summary>
    /// <exception cref="FormatException">The line does not fit the header; to be completed with file and number.</exception>
    public (string Path, string? Label)? Parse(string line)
    {
        if (line == Line || string.IsNullOrWhiteSpace(line))
        {
            return null;
        }

        // "path label" and "path" alone are what lists have without a header too, each line with its own separator.
        if (_path == 0 && (_names.Length == 1 || (_names.Length == 2 && _label == 1)))
        {
            return VideoListLine.Parse(line);
        }

        VideoListLine.CheckIsText(line);
        var fields = DelimitedLine.Split(line.AsSpan().TrimEnd(' '), _separator);
        if (fields.Count != _names.Length)
        {
            throw new FormatException(Invariant($"has {fields.Count} fields; the header has {_names.Length} ({string.Join(", ", _names)})"));
        }

        return fields[_path].Length > 0
            ? (_segments.Address(fields[_path], fields, _names), _label >= 0 && fields[_label].Length > 0 ? fields[_label] : null)
            : throw new FormatException($"has no path in column '{_names[_path]}'");
    }

    private static int Find(string[] names, string[] known) => Array.FindIndex(names, name => known.Contains(Plain(name)));

    private static string Plain(string name) => new([.. name.Where(c => c is not (' ' or '_' or '-')).Select(char.ToLowerInvariant)]);
}
