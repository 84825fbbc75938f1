namespace Mofo.ML.Transforms.Drawing;

/// <summary>Which frames of a video are shown where there is room for a few.</summary>
internal static class FrameSpread
{
    /// <summary>Numbers of frames at equal distances, ascending: the middle frame of each of the parts into which they divide the video.</summary>
    /// <param name="count">Frames of the video.</param>
    /// <param name="shown">Frames to show, at most <paramref name="count"/>.</param>
    public static IEnumerable<int> Of(int count, int shown) => Enumerable.Range(0, shown).Select(i => (int)((i + 0.5) * count / shown));
}
