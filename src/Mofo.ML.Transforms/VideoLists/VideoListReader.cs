namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Reads the lists of MOFO and VideoMAE: one video a line, <c>path label</c> (see <see cref="VideoListLine"/>), with or without a header row.</summary>
/// <remarks>Comments (<c>#</c> first) and header rows are skipped, and the log says so. Whether the videos exist shows when they are opened.</remarks>
internal sealed class VideoListReader
{
    /// <summary>How Excel marks the separator of a CSV file, in its first line.</summary>
    private const string SeparatorLine = "sep=";

    private readonly string _source;
    private readonly string _folder;
    private readonly ClassList? _classes;
    private readonly ListLog _log;
    private readonly ListComments _comments;
    private readonly List<VideoListRow> _rows = [];
    private ListColumns? _columns;

    private VideoListReader(string source, string folder, ClassList? classes, ListLog log)
    {
        (_source, _folder, _classes, _log) = (source, folder, classes, log);
        _comments = new ListComments(folder);
    }

    /// <param name="path">The list.</param>
    /// <param name="videoFolder">Where relative paths start; null: the folder of the list.</param>
    /// <param name="classNamesPath">Class names, one a line, which turn label indices into names; null: labels stay as they are.</param>
    /// <param name="log">Receives what is skipped.</param>
    /// <exception cref="InvalidDataException">A line is malformed or the list is empty; names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<VideoListRow> Read(string path, string? videoFolder, string? classNamesPath, ListLog log)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var classes = classNamesPath is null ? null : ClassList.Read(classNamesPath);
        var folder = Path.GetFullPath(videoFolder ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        var reader = new VideoListReader($"Video list '{path}'", folder, classes, log);
        foreach (var (index, line) in TextLines.Read(path).Index())
        {
            reader.Take(line, index + 1);
        }

        return reader.Finish();
    }

    private void Take(string line, int number)
    {
        try
        {
            if (number == 1 && line.Length <= SeparatorLine.Length + 1 && line.StartsWith(SeparatorLine, StringComparison.OrdinalIgnoreCase))
            {
                _log.Info($"{_source}: '{line}' is a line of Excel's and no video.");
            }
            else if (_rows.Count == 0 && _columns is null && ListColumns.Of(line, _folder) is { } columns)
            {
                _columns = columns;
            }
            else if (!_comments.Take(line, number) && (_columns is null ? VideoListLine.Parse(line) : _columns.Parse(line)) is var (video, label))
            {
                _rows.Add(new VideoListRow(Path.GetFullPath(video, _folder), label is null ? null : _classes?.NameOf(label) ?? label));
            }
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(Invariant($"{_source}, line {number}: {e.Message}."), e);
        }
    }

    private List<VideoListRow> Finish()
    {
        _comments.Report(_source, _log);
        if (_columns is not null)
        {
            _log.Info($"{_source}: '{_columns.Line}' is a header row.");
            var unread = new PassedOver("columns");
            _columns.Unread.ToList().ForEach(unread.Add);
            unread.Report(_source, _log.Info);
        }
        else if (_rows.Count > 0 && ListHeader.IsFirst(_rows))
        {
            var (path, label) = _rows[0];
            var removed = _rows.RemoveAll(row => row.VideoPath == path && row.Label == label);
            _log.Warning(
                $"{_source}: '{Path.GetFileName(path)}{(label is null ? "" : "," + label)}' is taken for a header row and passed over: there is no such video, and no video has this label."
                + (removed > 1 ? Invariant($" It stands there {removed} times.") : ""));
        }

        return _rows.Count > 0 ? _rows : throw new InvalidDataException($"{_source}: no line names a video.");
    }
}
