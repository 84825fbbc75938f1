using System.Globalization;
using System.Text.RegularExpressions;

namespace Mofo.ML.Transforms.Video;

/// <summary>Looks at the numbers in the names of a series of pictures: frames that are missing, or there twice, are jumps and stops in the motion.</summary>
internal static partial class PictureNumbers
{
    private const int MostDigits = 18;

    /// <summary>A remark where nearly all numbers follow each other by one step and some do not; else null.</summary>
    /// <param name="files">In the order of the video.</param>
    public static string? Remark(IReadOnlyList<string> files)
    {
        var numbers = Numbers(files);
        if (numbers.Length < 3)
        {
            return null;
        }

        var steps = numbers.Zip(numbers.Skip(1), (first, second) => second - first).ToArray();
        var (step, count) = steps.CountBy(step => step).MaxBy(step => step.Value);
        if (step <= 0 || 2 * count <= steps.Length || count == steps.Length || steps.Any(found => found % step != 0))
        {
            return null; // All numbers follow the rule, or there is none, as for times.
        }

        var missing = steps.Where(found => found > step).Sum(found => (found / step) - 1);
        var (gap, twice) = (Array.FindIndex(steps, found => found > step), Array.IndexOf(steps, 0));
        string[] breaks = [.. new[]
        {
            gap < 0 ? null : Invariant($"its pictures are numbered with gaps: {missing} missing, the first after '{Path.GetFileName(files[gap])}'; the motion jumps there"),
            twice < 0 ? null : Invariant($"'{Path.GetFileName(files[twice])}' and '{Path.GetFileName(files[twice + 1])}' have the same number; both are read"),
        }.OfType<string>()];
        return breaks.Length == 0 ? null : string.Join("; ", breaks);
    }

    /// <summary>The one number that differs from name to name; empty where there is none, or several.</summary>
    private static long[] Numbers(IReadOnlyList<string> files)
    {
        var all = files.Select(file => Digits().Matches(Path.GetFileNameWithoutExtension(file)).Select(match => match.Value).ToArray()).ToArray();
        if (all.Length == 0 || all.Any(numbers => numbers.Length != all[0].Length || numbers.Any(number => number.Length > MostDigits)))
        {
            return [];
        }

        var values = all.Select(numbers => Array.ConvertAll(numbers, number => long.Parse(number, CultureInfo.InvariantCulture))).ToArray();
        var changing = Enumerable.Range(0, all[0].Length).Where(place => values.Any(numbers => numbers[place] != values[0][place])).ToList();
        return changing.Count == 1 ? Array.ConvertAll(values, numbers => numbers[changing[0]]) : [];
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
