using System.Text.RegularExpressions;

namespace Mofo.ML.Transforms.Video;

/// <summary>Chooses the frames of a video among the pictures of a folder, by the names of the files.</summary>
/// <remarks>
/// Files whose names differ in numbers only make a series. Tools that extract frames lay further series beside it: optical flow as <c>flow_x_00001.jpg</c>, <c>flow_y_00001.jpg</c>
/// (MMAction2, TSN), masks, previews. Reading all as one video would be silently wrong.
/// </remarks>
internal static partial class PictureSeries
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm"];

    /// <summary>The message to users on which files are considered.</summary>
    public static string ExtensionList => string.Join(' ', Extensions);

    /// <summary>Whether a file counts by its name. Names that begin with <c>._</c> are notes that macOS lays beside files on foreign disks.</summary>
    public static bool IsPicture(string file) =>
        Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && !Path.GetFileName(file).StartsWith("._", StringComparison.Ordinal);

    /// <summary>The frames in order, and a remark where something was skipped.</summary>
    /// <param name="video">The folder, for messages.</param>
    /// <param name="files">All pictures in it.</param>
    /// <exception cref="VideoException">There are several series, and nothing shows which one is the video.</exception>
    public static (string[] Files, string? Remark) Choose(string video, IEnumerable<string> files)
    {
        var groups = files.GroupBy(SeriesOf, StringComparer.Ordinal).Select(group => (Name: group.Key, Files: group.Order(NaturalOrder.Instance).ToArray()))
            .OrderBy(group => group.Name, StringComparer.Ordinal).ToList();
        var numbered = groups.Where(group => group.Files.Length > 1).ToList();
        if (numbered.Count == 0)
        {
            return ([.. groups.SelectMany(group => group.Files).Order(NaturalOrder.Instance)], null);
        }

        var names = numbered.Select(group => group.Name).ToHashSet(StringComparer.Ordinal);
        var pictures = numbered.Count == 1 ? numbered : numbered.Where(group => !IsFlow(group.Name, names)).ToList();
        if (pictures.Count != 1)
        {
            throw new VideoException(video, $"the folder holds {numbered.Count} series of pictures: {string.Join(", ", numbered.Select(Describe))}; one video is one series, so give each a folder of its own");
        }

        var others = groups.Where(group => group.Name != pictures[0].Name).ToList();
        return (pictures[0].Files, others.Count == 0 ? null : $"only the series {Describe(pictures[0])} is read; passed over: {string.Join(", ", others.Take(5).Select(Describe))}{(others.Count > 5 ? ", ..." : "")}");
    }

    private static string Describe((string Name, string[] Files) group) =>
        group.Files.Length == 1 ? $"'{Path.GetFileName(group.Files[0])}'" : $"'{group.Name}' ({group.Files.Length} files)";

    /// <summary>The name with each number as #; two spellings of one extension are one.</summary>
    private static string SeriesOf(string file)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant() switch { ".jpeg" => ".jpg", ".tiff" => ".tif", var other => other };
        return Digits().Replace(Path.GetFileNameWithoutExtension(file), "#") + extension;
    }

    /// <summary>Optical flow: flow_x_# and flow_y_# (TSN, MMAction2, denseflow), or x_# and y_#, u_# and v_# where both are there.</summary>
    private static bool IsFlow(string series, HashSet<string> all) => FlowNames().IsMatch(series)
        || (Components().IsMatch(series) && all.Contains((char)(series[0] switch { 'x' => 'y', 'y' => 'x', 'u' => 'v', _ => 'u' }) + series[1..]));

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("^(flow|tvl1)[_#-]", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FlowNames();

    [GeneratedRegex("^[xyuv][_#-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Components();
}
