namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Tells comments (<c>#</c> first) from videos whose names begin with <c>#</c>, as some of HMDB51 do.</summary>
/// <remarks>
/// A video is a line whose path exists, or ends as videos do while no file has the name without the <c>#</c>. So <c># note</c> is a comment, and
/// <c>#a.mp4 0</c> is a row that was switched off where there is an <c>a.mp4</c> and no <c>#a.mp4</c>.
/// </remarks>
internal sealed class ListComments(string videoFolder)
{
    private readonly PassedOver _comments = new("comments (a line that begins with # and is no video)");
    private readonly PassedOver _switchedOff = new("rows behind a # (the video exists without it; put the path in double quotes if the # belongs to it)");

    /// <summary>Whether a line is a comment; remembers it if so.</summary>
    public bool Take(string line, int number)
    {
        var text = line.AsSpan().Trim();
        if (!text.StartsWith('#'))
        {
            return false;
        }

        var row = Row(text.ToString());
        if (row is not null && Exists(row))
        {
            return false;
        }

        if (row is { Length: > 1 } && Exists(row[1..]))
        {
            _switchedOff.Add(Invariant($"line {number}"));
            return true;
        }

        if (row is not null && VideoExtensions.Fits(row))
        {
            return false;
        }

        _comments.Add(Invariant($"line {number}"));
        return true;
    }

    public void Report(string list, ListLog log)
    {
        _comments.Report(list, log.Info);
        _switchedOff.Report(list, log.Warning);
    }

    /// <summary>The path, if the line reads as a row; null for <c># text</c>.</summary>
    private static string? Row(string text)
    {
        if (text.Length < 2 || char.IsWhiteSpace(text[1]))
        {
            return null;
        }

        try
        {
            return VideoListLine.Parse(text)?.Path;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private bool Exists(string path) => Path.Exists(Path.GetFullPath(path, videoFolder));
}
