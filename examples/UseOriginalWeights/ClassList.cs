namespace UseOriginalWeights;

/// <summary>Class names: of a file with one on each line, or mere numbers.</summary>
internal static class ClassList
{
    /// <exception cref="IOException">It is neither a number nor a file that can be read.</exception>
    public static IReadOnlyList<string> Read(string text)
    {
        if (int.TryParse(text, out var count) && count > 0)
        {
            return [.. Enumerable.Range(0, count).Select(number => $"{number}")];
        }

        if (!File.Exists(text))
        {
            throw new FileNotFoundException($"The classes are '{text}'; it must be their number, or a file with one name on each line.");
        }

        return [.. File.ReadLines(text).Where(line => line.Trim().Length > 0)];
    }
}
