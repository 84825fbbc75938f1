using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>What a walk over the coded packets of a video shows, without decoding them.</summary>
/// <param name="Packets">Number of packets; nearly always the number of frames.</param>
/// <param name="First">The first header that was found; null for none.</param>
/// <param name="Change">The first header with another size, and the number of its packet; null where the size stays the same.</param>
internal sealed record PacketScan(int Packets, SequenceHeader? First, (int Packet, SequenceHeader Header)? Change)
{
    private static readonly FileMemory<PacketScan> Known = new();

    /// <summary>Packets come in the order of decoding: the last frame of a segment may stand this many seconds behind packets that are shown later.</summary>
    private const double Reordered = 2;

    /// <summary>Walks over the packets of a file, or of a segment of it, the first time that it is needed.</summary>
    /// <remarks>
    /// OpenCV makes its conversion for the first picture's size; pictures of another size leave the last one as it was, so that a change of size can be
    /// seen in the packets alone. The walk costs about a hundredth of decoding, once per file (or segment) and process.
    /// </remarks>
    /// <param name="video">Path for messages.</param>
    /// <param name="file">Full path of the video, under which the result is remembered.</param>
    /// <param name="opened">What the decoder reads: the file itself or a copy of it.</param>
    /// <param name="codec">One with a reader of headers.</param>
    /// <param name="part">Only these seconds are read, beside the first picture; null for all.</param>
    /// <param name="reading">Limits and a token.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">Too long, or reading takes too long.</exception>
    public static PacketScan Of(string video, string file, string opened, VideoCodec codec, (double Start, double End)? part, VideoReading reading, CancellationToken cancel) => Known.Get(
        file,
        () =>
        {
            using var packets = new Decoder(video, opened, DecoderUse.Packets, reading, cancel);
            using var bytes = new Mat();
            var (count, first) = (0, (SequenceHeader?)null);
            (int Packet, SequenceHeader Header)? change = null;
            var end = double.PositiveInfinity;
            while (packets.Grab() && packets.Seconds < end)
            {
                Container.CheckFrames(video, ++count, reading.Limits);
                if ((change is null || first is null) && (codec.SizeInAnyPacket || packets.IsKeyPacket) && Read(packets, bytes, codec.ReadHeader!) is { } header)
                {
                    first ??= header;
                    change ??= (header.Width, header.Height) != (first.Width, first.Height) ? (count - 1, header) : null;
                }

                // The first picture gives the size that all must have; then to the key frame before the segment.
                if (count == 1 && part is { } seconds && packets.TrySeek(seconds.Start))
                {
                    end = seconds.End + Reordered;
                }
            }

            return new PacketScan(count, first, change);
        },
        part is { } p ? Invariant($"#packets={p.Start},{p.End}") : "");

    private static unsafe SequenceHeader? Read(Decoder packets, Mat bytes, HeaderReader readHeader) =>
        packets.Retrieve(bytes) && bytes.IsContinuous() ? readHeader(new ReadOnlySpan<byte>((void*)bytes.Data, (int)Math.Min(int.MaxValue, bytes.Total() * bytes.ElemSize()))) : null;
}
