using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>What a user names as videos: files, folders of images, folders of videos, folders of class folders, lists.</summary>
/// <param name="videoFolder">Where relative paths of lists start; null: the folder of each list.</param>
/// <param name="classNamesPath">Class names for lists; null: labels stay as they are.</param>
/// <param name="log">Receives what is skipped.</param>
internal sealed class NamedVideos(string? videoFolder, string? classNamesPath, ListLog log)
{
    /// <summary>The endings of lists; a file of any other name is treated as a video.</summary>
    private static readonly HashSet<string> ListExtensions = new(StringComparer.OrdinalIgnoreCase) { ".csv", ".txt", ".tsv", ".list", ".lst" };

    /// <summary>The videos of all paths, in their order.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A list or folder names no video.</exception>
    public IReadOnlyList<VideoListRow> Read(IEnumerable<string> paths) => [.. paths.SelectMany(Read)];

    private IReadOnlyList<VideoListRow> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            return ReadFolder(path);
        }

        if (File.Exists(path))
        {
            return ListExtensions.Contains(Path.GetExtension(path)) ? VideoListReader.Read(path, videoFolder, classNamesPath, log) : [new VideoListRow(Path.GetFullPath(path), null)];
        }

        return VideoSegment.TryParse(path, out var segment) && (File.Exists(segment.VideoPath) || Directory.Exists(segment.VideoPath))
            ? [new VideoListRow(Path.GetFullPath(path), null)]
            : throw new FileNotFoundException($"'{path}' is neither a file nor a folder.", path);
    }

    private IReadOnlyList<VideoListRow> ReadFolder(string folder)
    {
        if (PictureFolder.IsVideo(folder))
        {
            return [new VideoListRow(Path.GetFullPath(folder), null)];
        }

        var (videos, others, folders, hidden) = (new List<VideoListRow>(), PassedOver.OtherFiles(), new PassedOver("folders beside the videos (name them to have them read)"), PassedOver.HiddenEntries());
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).OrderBy(entry => Path.GetFileName(entry), NaturalOrder.Instance))
        {
            var name = Path.GetFileName(entry);
            if (name.StartsWith('.'))
            {
                hidden.Add(name);
            }
            else if (Directory.Exists(entry))
            {
                folders.Add(name);
            }
            else if (VideoExtensions.Fits(entry))
            {
                videos.Add(new VideoListRow(Path.GetFullPath(entry), null));
            }
            else
            {
                others.Add(name);
            }
        }

        if (videos.Count == 0)
        {
            return VideoFolderReader.Read(folder, log);
        }

        var source = $"Video folder '{folder}'";
        others.Report(source, log.Warning);
        folders.Report(source, log.Warning);
        hidden.Report(source, log.Info);
        return videos;
    }
}
