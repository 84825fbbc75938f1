namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Endings of file names that stand for a video, where a name alone must decide. A list may name files with any ending: there the content decides.</summary>
internal static class VideoExtensions
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // MP4 and its relatives
        ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v", ".mj2",
        // AVI, Matroska, Windows Media, Flash
        ".avi", ".divx", ".mkv", ".webm", ".asf", ".wmv", ".flv",
        // MPEG program and transport streams, camcorders and discs
        ".mpg", ".mpeg", ".mpe", ".m1v", ".m2v", ".mpv", ".mod", ".tod", ".vob", ".evo", ".ts", ".m2t", ".mts", ".m2ts",
        // Streams without a container
        ".h264", ".264", ".avc", ".h265", ".265", ".hevc", ".mjpeg", ".mjpg",
        // Others
        ".ogv", ".ogg", ".ogm", ".mxf", ".dv", ".nut", ".y4m", ".gif",
    };

    /// <summary>Whether a file of this name is treated as a video; the address of a segment counts by its path.</summary>
    public static bool Fits(string name) => Known.Contains(Path.GetExtension(VideoSegment.TryParse(name, out var segment) ? segment.VideoPath : name));
}
