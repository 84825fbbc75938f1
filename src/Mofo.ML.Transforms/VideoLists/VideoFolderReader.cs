using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Reads a data set laid out as one folder per class; the folder's name is the label.</summary>
/// <remarks>Classes and videos come in natural order of their names. A folder of images inside a class folder is a video too. Hidden entries (leading dot) are passed over.</remarks>
internal static class VideoFolderReader
{
    private static readonly string[] Extensions =
        [".mp4", ".m4v", ".mov", ".avi", ".webm", ".mkv", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp", ".ogv", ".ts", ".gif"];

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No class folder holds a video.</exception>
    public static IReadOnlyList<VideoListRow> Read(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"Video folder '{root}' does not exist.");
        }

        var rows = new List<VideoListRow>();
        foreach (var classFolder in Visible(Directory.EnumerateDirectories(Path.GetFullPath(root))))
        {
            var label = Path.GetFileName(classFolder);
            rows.AddRange(Visible(Directory.EnumerateFileSystemEntries(classFolder)).Where(IsVideo).Select(v => new VideoListRow(v, label)));
        }

        return rows.Count > 0
            ? rows
            : throw new InvalidDataException($"Video folder '{root}' has no class folder with videos in it; expected {Path.Combine(root, "<class>", "<video>")} ({string.Join(' ', Extensions)}).");
    }

    private static IEnumerable<string> Visible(IEnumerable<string> entries) =>
        entries.Where(e => !Path.GetFileName(e).StartsWith('.')).OrderBy(e => Path.GetFileName(e), NaturalOrder.Instance);

    private static bool IsVideo(string entry) => Directory.Exists(entry)
        ? ImageFolderSource.HoldsImages(entry)
        : Extensions.Contains(Path.GetExtension(entry), StringComparer.OrdinalIgnoreCase);
}
