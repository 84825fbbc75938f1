namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Finds MPEG transport packets by their sync bytes, also where a recording was cut off in the middle of a packet.</summary>
internal static class TransportPackets
{
    private const byte Sync = 0x47;
    private const int NeededPackets = 5;

    // Broadcast, BDAV and AVCHD (4 bytes of time in front), and with 16 bytes of error correction.
    private static readonly int[] Strides = [188, 192, 204];

    /// <summary>Whether packets begin within the first packet's length and follow each other to the end of the bytes given, at least five.</summary>
    public static bool Begin(ReadOnlySpan<byte> head)
    {
        foreach (var stride in Strides)
        {
            for (var offset = 0; offset < stride && offset + ((NeededPackets - 1) * stride) < head.Length; offset++)
            {
                if (AllInSync(head[offset..], stride))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool AllInSync(ReadOnlySpan<byte> packets, int stride)
    {
        for (var at = 0; at < packets.Length; at += stride)
        {
            if (packets[at] != Sync)
            {
                return false;
            }
        }

        return true;
    }
}
