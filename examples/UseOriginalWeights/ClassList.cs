namespace UseOriginalWeights;

/// <summary>Class names: of a file with one on each line, mere numbers, or those that come with the weights.</summary>
internal static class ClassList
{
    /// <exception cref="IOException">It is neither a number nor a file that can be read.</exception>
    public static IReadOnlyList<string> Read(string? text, IReadOnlyList<string> found)
    {
        if (text is null or NamedSize.Auto)
        {
            return found.Count > 0 ? found : Read("174", found);
        }

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
