namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Compares the length of a file with what its container says: the decoder reads a cut-off file without complaint as far as it goes.</summary>
internal static class DeclaredLength
{
    /// <summary>Some writers declare an index or padding which they never write.</summary>
    private const double MissingShareAllowed = 0.01;

    /// <exception cref="VideoException">More than a hundredth is missing.</exception>
    public static void Check(string video, long found, long declared)
    {
        if (found < declared * (1 - MissingShareAllowed))
        {
            throw new VideoException(video, Invariant($"truncated: the container declares {declared} bytes, the file has {found}"));
        }
    }
}
