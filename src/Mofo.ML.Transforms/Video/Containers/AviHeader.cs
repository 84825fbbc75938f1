using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>avi: whether the file is whole, and what the header of the first video stream says.</summary>
internal static class AviHeader
{
    private const int MostChunks = 10_000;

    /// <exception cref="VideoException">Truncated.</exception>
    public static ContainerFacts Read(string video, Stream file, byte[] head)
    {
        // The first RIFF chunk; files above 1 GB go on with further ones (OpenDML). 0 and -1 come from recordings that were not finished.
        var riff = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        var finished = riff is not (0 or uint.MaxValue);
        DeclaredLength.Check(video, file.Length, finished ? riff + 8L : 0);
        return Streams(file) with { DeclaresLength = finished };
    }

    private static ContainerFacts Streams(Stream file)
    {
        var facts = new ContainerFacts(ContainerKind.Avi);
        var bytes = new byte[56];
        var (video, videos) = (false, 0);
        for (var (at, chunks) = (12L, 0); at + 8 <= file.Length && chunks < MostChunks; chunks++)
        {
            file.Position = at;
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var type = Encoding.Latin1.GetString(bytes.AsSpan(0, 4));
            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
            switch (type)
            {
                case "LIST" when Encoding.Latin1.GetString(bytes.AsSpan(8, 4)) is "hdrl" or "strl":
                    at += 12; // go inside
                    continue;
                case "LIST" when Encoding.Latin1.GetString(bytes.AsSpan(8, 4)) == "movi":
                    return facts with { Remarks = VideoRemarks.OfTracks(videos) };
                case "strh" when read == bytes.Length:
                    video = Encoding.Latin1.GetString(bytes.AsSpan(8, 4)) == "vids";
                    videos += video ? 1 : 0;
                    facts = video && videos == 1 ? facts with { ListedFrames = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(40))) } : facts;
                    break;
                case "strf" when video && videos == 1 && read >= 28:
                    facts = facts with
                    {
                        // A negative height means rows from the top.
                        Size = (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)), (int)Math.Min(int.MaxValue, Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16))))),
                        Codec = Encoding.Latin1.GetString(bytes.AsSpan(24, 4)),
                    };
                    break;
                default:
                    break;
            }

            at += 8 + size + (size % 2);
        }

        return facts with { Remarks = VideoRemarks.OfTracks(videos) };
    }
}
