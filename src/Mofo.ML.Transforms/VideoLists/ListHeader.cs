using System.Globalization;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Recognises a header row whose names mean nothing here: it would be one more video, of a class of its own.</summary>
internal static class ListHeader
{
    /// <summary>Whether the first row is a header and not a video.</summary>
    /// <remarks>
    /// Its path is a bare word that exists nowhere and does not end as videos do, its label is no number and occurs in no other row, and other rows
    /// are videos by name or exist.
    /// </remarks>
    public static bool IsFirst(IReadOnlyList<VideoListRow> rows)
    {
        var first = rows[0];
        var others = rows.Where(row => row != first).ToList();
        return others.Count > 0
            && !VideoExtensions.Fits(first.VideoPath)
            && !Path.Exists(first.VideoPath)
            && (first.Label is null ? others.TrueForAll(row => row.Label is null) : !IsNumber(first.Label) && others.TrueForAll(row => row.Label != first.Label))
            && others.Exists(row => VideoExtensions.Fits(row.VideoPath) || Path.Exists(VideoSegment.Of(row.VideoPath).VideoPath));
    }

    private static bool IsNumber(string label) => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
