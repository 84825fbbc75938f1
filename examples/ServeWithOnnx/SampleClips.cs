namespace ServeWithOnnx;

/// <summary>Clips that the page offers to people without clips of their own.</summary>
internal sealed class SampleClips
{
    private const int Most = 24;

    private readonly Dictionary<string, string> _paths;

    public SampleClips(ServiceSettings settings, UploadFolder folder)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(settings.Model))!, "samples");
        var chosen = settings.Samples ?? (Directory.Exists(beside) ? beside : null);
        var files = chosen is null ? RenderedClip.WriteAll(folder.Path) : Directory.EnumerateFiles(chosen);
        _paths = files.Where(file => VideoTypes.Of(file) is not null).Order(StringComparer.Ordinal).Take(Most).ToDictionary(file => Path.GetFileName(file), file => file, StringComparer.Ordinal);
    }

    /// <summary>File names, in their order.</summary>
    public IReadOnlyList<string> Names => [.. _paths.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The file of a clip; null for a name that is not offered, whatever files there are.</summary>
    public string? PathOf(string name) => _paths.GetValueOrDefault(name);
}

/// <summary>Media types of video files, by the endings of their names.</summary>
internal static class VideoTypes
{
    public static string? Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mp4" or ".m4v" => "video/mp4",
        ".webm" => "video/webm",
        ".mov" => "video/quicktime",
        ".mkv" => "video/x-matroska",
        ".ogv" => "video/ogg",
        ".avi" => "video/x-msvideo",
        _ => null,
    };
}
