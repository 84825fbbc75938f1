namespace Mofo.ML.Transforms.Drawing;

/// <summary>Which frames of a video, or videos of a list, are shown where there is room for a few.</summary>
internal static class EvenSpread
{
    /// <summary>Positions at equal distances, ascending: the middle of each of the parts into which they divide the whole.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="shown">How many are shown, at most <paramref name="count"/>.</param>
    public static IEnumerable<int> Of(int count, int shown) => Enumerable.Range(0, shown).Select(i => (int)((i + 0.5) * count / shown));
}
