namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>ogg: whether the last page is whole, and whether the file is one video.</summary>
internal static class OggPages
{
    private const int PageHead = 27;
    private const int LargestPage = PageHead + 255 + (255 * 255);
    private const int TypeOffset = 5;
    private const byte BeginsStream = 2;
    private const int MostPages = 1_000_000; // a gigabyte or more; what comes behind is not looked at

    /// <exception cref="VideoException">Truncated, or several files joined.</exception>
    public static ContainerFacts Read(string video, Stream file, Action checkCancelled)
    {
        CheckIsOne(video, file, checkCancelled);
        var tail = new byte[Math.Min(file.Length, 2 * LargestPage)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        DeclaredLength.Check(video, file.Length, file.Length - tail.Length + EndOfLastPage(tail));
        return new ContainerFacts(ContainerKind.Ogg) { DeclaresLength = true };
    }

    /// <summary>Streams begin together, before any other page (RFC 3533, section 6). One that begins later is a second file behind the first, which the decoder would leave out.</summary>
    private static void CheckIsOne(string video, Stream file, Action checkCancelled)
    {
        var (begun, head, segments) = (false, new byte[PageHead], new byte[255]);
        for (var (at, pages) = (0L, 0); pages < MostPages; pages++)
        {
            if (pages % 1024 == 0)
            {
                checkCancelled();
            }

            file.Position = at;
            if (file.ReadAtLeast(head, PageHead, throwOnEndOfStream: false) < PageHead || !head.AsSpan().StartsWith("OggS"u8))
            {
                return; // the end, or damage, which is the decoder's matter
            }

            var begins = (head[TypeOffset] & BeginsStream) != 0;
            if (begins && begun)
            {
                throw new VideoException(video, "it is several Ogg files joined into one, of which the decoder reads the first alone; make one video of them: ffmpeg -i FILE -c:v libx264 -crf 18 OUT.mp4");
            }

            begun |= !begins;
            int count = head[PageHead - 1];
            var read = file.ReadAtLeast(segments.AsSpan(0, count), count, throwOnEndOfStream: false);
            at += PageHead + count;
            foreach (var length in segments.AsSpan(0, read))
            {
                at += length;
            }
        }
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
