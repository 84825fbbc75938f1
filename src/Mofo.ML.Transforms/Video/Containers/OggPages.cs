namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>ogg: whether the last page is whole.</summary>
internal static class OggPages
{
    private const int PageHead = 27;
    private const int LargestPage = PageHead + 255 + (255 * 255);

    /// <exception cref="VideoException">Truncated.</exception>
    public static ContainerFacts Read(string video, Stream file)
    {
        var tail = new byte[Math.Min(file.Length, 2 * LargestPage)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        DeclaredLength.Check(video, file.Length, file.Length - tail.Length + EndOfLastPage(tail));
        return new ContainerFacts(ContainerKind.Ogg) { DeclaresLength = true };
    }

    private static int EndOfLastPage(ReadOnlySpan<byte> tail)
    {
        var page = tail.LastIndexOf("OggS"u8);
        if (page < 0 || page + PageHead > tail.Length || page + PageHead + tail[page + PageHead - 1] > tail.Length)
        {
            return 0;
        }

        var segments = tail.Slice(page + PageHead, tail[page + PageHead - 1]);
        var end = page + PageHead + segments.Length;
        foreach (var length in segments)
        {
            end += length;
        }

        return end;
    }
}
