using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Where the videos of EPIC-KITCHENS lie below a folder, however the download was arranged: files or folders of frames that bear the video's id.</summary>
internal sealed class EpicVideos
{
    // <participant>/videos/<id>.MP4 and <participant>/rgb_frames/<id>/ are three deep.
    private const int MostLevels = 4;

    private readonly Dictionary<string, string> _paths;
    private readonly HashSet<string> _frames;
    private readonly PassedOver _missing = new("videos that are not there; their rows fail when they are read");
    private readonly PassedOver _twice;

    private EpicVideos(Dictionary<string, string> paths, HashSet<string> frames, PassedOver twice) => (_paths, _frames, _twice) = (paths, frames, twice);

    /// <param name="folder">Searched with its folders; the folder of frames of a wanted video is not entered.</param>
    /// <param name="wanted">The participant of each video id.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static EpicVideos Find(string folder, IReadOnlyDictionary<string, string> wanted)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"Video folder '{folder}' does not exist.");
        }

        var root = Path.GetFullPath(folder);
        var expected = wanted.ToDictionary(pair => pair.Key, pair => Path.Combine(root, pair.Value, "videos", pair.Key + ".MP4"), StringComparer.Ordinal);
        var (found, frames, twice) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new PassedOver("videos because another of the same id comes first"));
        foreach (var (id, path, isFrames) in Walk(root, expected, MostLevels))
        {
            if (!found.TryAdd(id, path))
            {
                twice.Add(Path.GetRelativePath(root, path));
            }
            else if (isFrames)
            {
                _ = frames.Add(path);
            }
        }

        var videos = new EpicVideos(found, frames, twice);
        foreach (var (id, path) in expected.Where(pair => !found.ContainsKey(pair.Key)).OrderBy(pair => pair.Key, NaturalOrder.Instance))
        {
            found.Add(id, path);
            videos._missing.Add(id);
        }

        return videos;
    }

    public string PathOf(string id) => _paths[id];

    public bool IsFrames(string path) => _frames.Contains(path);

    public void Report(string source, ListLog log)
    {
        _missing.Report(source, log.Warning);
        _twice.Report(source, log.Warning);
    }

    private static IEnumerable<(string Id, string Path, bool IsFrames)> Walk(string folder, Dictionary<string, string> wanted, int levels)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(VideoExtensions.Fits).Order(NaturalOrder.Instance))
        {
            if (Path.GetFileNameWithoutExtension(file) is var id && wanted.ContainsKey(id))
            {
                yield return (id, file, false);
            }
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Order(NaturalOrder.Instance))
        {
            if (Path.GetFileName(inner) is var id && wanted.ContainsKey(id) && PictureFolder.IsVideo(inner))
            {
                yield return (id, inner, true);
            }
            else if (levels > 1)
            {
                foreach (var video in Walk(inner, wanted, levels - 1))
                {
                    yield return video;
                }
            }
        }
    }
}
