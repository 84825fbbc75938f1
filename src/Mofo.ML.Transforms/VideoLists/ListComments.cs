namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Distinguishes comments (<c>#</c> first) from videos whose names begin with <c>#</c>, as some of HMDB51 do.</summary>
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

        var path = PathOf(text.ToString());
        if (path is not null && (Exists(path) || (NamesVideo(path) && !Exists(path[1..].Trim()))))
        {
            return false;
        }

        (path is not null && Exists(path[1..].Trim()) ? _switchedOff : _comments).Add(Invariant($"line {number}"));
        return true;
    }

    public void Report(string list, ListLog log)
    {
        _comments.Report(list, log.Info);
        _switchedOff.Report(list, log.Warning);
    }

    /// <summary>The path of the line read as a row; null where it does not read as one.</summary>
    private static string? PathOf(string text)
    {
        try
        {
            return VideoListLine.Parse(text)?.Path;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // "# a.mp4 0" is a comment even where no a.mp4 exists: a person wrote the blank.
    private static bool NamesVideo(string path) => path.Length > 1 && !char.IsWhiteSpace(path[1]) && VideoExtensions.Fits(path);

    private bool Exists(string path) => path.Length > 0 && Path.Exists(VideoSegment.Of(Path.GetFullPath(path, videoFolder)).VideoPath);
}
