namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Reads the lists of MOFO and VideoMAE: one video a line, <c>path label</c> (see <see cref="VideoListLine"/>).</summary>
/// <remarks>Blank lines and lines that start with <c>#</c> are passed over. Whether the videos exist shows when they are opened.</remarks>
internal static class VideoListReader
{
    /// <param name="path">The list.</param>
    /// <param name="videoFolder">Where relative paths start; null: the folder of the list.</param>
    /// <param name="classNamesPath">Class names, one a line, which turn label indices into names; null: labels stay as they are.</param>
    /// <exception cref="InvalidDataException">A line is malformed or the list is empty; names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<VideoListRow> Read(string path, string? videoFolder, string? classNamesPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var names = classNamesPath is null ? null : ClassNames.Read(classNamesPath);
        var folder = Path.GetFullPath(videoFolder ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        var lines = TextLines.Read(path);
        var rows = new List<VideoListRow>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            try
            {
                if (VideoListLine.Parse(lines[i]) is var (video, label))
                {
                    rows.Add(new VideoListRow(Path.GetFullPath(video, folder), label is null ? null : names?.NameOf(label) ?? label));
                }
            }
            catch (FormatException e)
            {
                throw new InvalidDataException(Invariant($"Video list '{path}', line {i + 1}: {e.Message}."), e);
            }
        }

        return rows.Count > 0 ? rows : throw new InvalidDataException($"Video list '{path}': no line names a video.");
    }
}
