using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Reads a data set laid out as one folder per class; the folder's name is the label.</summary>
/// <remarks>
/// Classes and videos come in natural order of their names. A folder of images inside a class folder is a video too, unless it has video files. Hidden entries (leading dot) and
/// everything else that is no video by its name are skipped, and the log counts and names them.
/// </remarks>
internal sealed class VideoFolderReader
{
    private readonly string _root;
    private readonly List<VideoListRow> _rows = [];
    private readonly PassedOver _files = PassedOver.OtherFiles();
    private readonly PassedOver _folders = new("folders that are no video (videos lie in the class folder itself, not deeper)");
    private readonly PassedOver _outside = new("files outside the class folders");
    private readonly PassedOver _classes = new("class folders without a video");
    private readonly PassedOver _hidden = PassedOver.HiddenEntries();

    private VideoFolderReader(string root) => _root = Path.GetFullPath(root);

    /// <param name="root">The folder with the class folders.</param>
    /// <param name="log">Receives what is skipped.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No class folder holds a video.</exception>
    public static IReadOnlyList<VideoListRow> Read(string root, ListLog log)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"Video folder '{root}' does not exist.");
        }

        var reader = new VideoFolderReader(root);
        reader.ReadClasses();
        reader.Report($"Video folder '{root}'", log);
        return reader._rows.Count > 0
            ? reader._rows
            : throw new InvalidDataException($"Video folder '{root}' has no class folder with videos in it; expected {Path.Combine(root, "<class>", "<video>")}, such as swim/a.mp4." + reader.Hint(root));
    }

    /// <summary>What to call where videos lie in the folder itself.</summary>
    private string Hint(string root) => Visible(_root).Any(entry => File.Exists(entry) && VideoExtensions.Fits(entry))
        ? $" The videos in {root} itself have no class: mlContext.Data.LoadVideos(new[] {{ \"{root}\" }}) lists them without labels."
        : "";

    private void ReadClasses()
    {
        foreach (var entry in Visible(_root))
        {
            if (!Directory.Exists(entry))
            {
                _outside.Add(Name(entry));
                continue;
            }

            var before = _rows.Count;
            foreach (var video in Visible(entry))
            {
                Take(video, Path.GetFileName(entry));
            }

            if (_rows.Count == before)
            {
                _classes.Add(Name(entry));
            }
        }
    }

    private void Take(string entry, string label)
    {
        var isFolder = Directory.Exists(entry);
        if (isFolder ? PictureFolder.IsVideo(entry) : VideoExtensions.Fits(entry))
        {
            _rows.Add(new VideoListRow(entry, label));
        }
        else
        {
            (isFolder ? _folders : _files).Add(Name(entry));
        }
    }

    private IEnumerable<string> Visible(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).OrderBy(e => Path.GetFileName(e), NaturalOrder.Instance))
        {
            if (Path.GetFileName(entry).StartsWith('.'))
            {
                _hidden.Add(Name(entry));
            }
            else
            {
                yield return entry;
            }
        }
    }

    private string Name(string entry) => Path.GetRelativePath(_root, entry);

    private void Report(string source, ListLog log)
    {
        _files.Report(source, log.Warning);
        _folders.Report(source, log.Warning);
        _outside.Report(source, log.Warning);
        _classes.Report(source, log.Warning);
        _hidden.Report(source, log.Info);
    }
}
