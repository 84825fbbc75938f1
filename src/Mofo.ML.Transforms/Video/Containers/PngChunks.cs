using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Animated png: whether the file is whole (W3C, Portable Network Graphics, 5.3). What stands behind the last chunk does not count.</summary>
internal static class PngChunks
{
    private const int Signature = 8;
    private const int AroundContent = 12; // length, type, checksum
    private const int MostChunks = 10_000_000; // What comes behind is not looked at.

    /// <exception cref="VideoException">The file ends before its last chunk.</exception>
    public static ContainerFacts Read(string video, Stream file, Action checkCancelled)
    {
        var head = new byte[8];
        var chunks = 0;
        for (long at = Signature, next; at + AroundContent <= file.Length; at = next)
        {
            if (chunks % 1024 == 0)
            {
                checkCancelled();
            }

            if (++chunks > MostChunks)
            {
                return new ContainerFacts(ContainerKind.Apng);
            }

            file.Position = at;
            file.ReadExactly(head);
            next = at + AroundContent + BinaryPrimitives.ReadUInt32BigEndian(head);
            if (head.AsSpan(4).SequenceEqual("IEND"u8))
            {
                return new ContainerFacts(ContainerKind.Apng) { DeclaresLength = true };
            }
        }

        throw new VideoException(video, "truncated: the end of the PNG (IEND) is missing");
    }
}
