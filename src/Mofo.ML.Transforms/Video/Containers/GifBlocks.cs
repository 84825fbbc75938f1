namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>gif: whether the file is whole (GIF89a specification, W3C, appendix B). What stands behind the trailer does not count.</summary>
internal static class GifBlocks
{
    private const int HeadLength = 13;
    private const int Image = 0x2C;
    private const int Extension = 0x21;
    private const int Trailer = 0x3B;
    private const int HasColours = 0x80;
    private const int MostBlocks = 10_000_000; // What comes behind is not looked at.

    /// <exception cref="VideoException">The file ends before its trailer.</exception>
    public static ContainerFacts Read(string video, Stream file, Action checkCancelled)
    {
        file.Position = HeadLength - 3;
        SkipColours(file, before: 2);
        for (var blocks = 0; blocks < MostBlocks; blocks++)
        {
            if (blocks % 1024 == 0)
            {
                checkCancelled();
            }

            switch (file.ReadByte())
            {
                case Trailer:
                    return new ContainerFacts(ContainerKind.Gif) { DeclaresLength = true };
                case Image:
                    file.Position += 8;
                    SkipColours(file, before: 0);
                    file.Position++; // size of the first codes
                    SkipData(file);
                    break;
                case Extension:
                    file.Position++; // its kind
                    SkipData(file);
                    break;
                case 0:
                    break; // Some writers leave a byte between blocks.
                case < 0:
                    throw new VideoException(video, "truncated: the GIF trailer is missing");
                default:
                    return new ContainerFacts(ContainerKind.Gif); // Damage is the decoder's matter.
            }
        }

        return new ContainerFacts(ContainerKind.Gif);
    }

    /// <summary>Skips a byte of flags, other bytes, and the table of colours that the flags announce.</summary>
    private static void SkipColours(Stream file, int before)
    {
        var flags = Math.Max(0, file.ReadByte());
        file.Position += before + ((flags & HasColours) == 0 ? 0 : 3 << ((flags & 7) + 1));
    }

    /// <summary>Skips parts of up to 255 bytes, the last one empty.</summary>
    private static void SkipData(Stream file)
    {
        for (var length = file.ReadByte(); length > 0; length = file.ReadByte())
        {
            file.Position += length;
        }
    }
}
