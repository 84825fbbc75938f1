namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>The units of an H.264 or HEVC packet that are set apart by start codes (Annex B).</summary>
internal static class NalUnits
{
    /// <summary>Finds the next unit at or after an offset.</summary>
    /// <param name="packet">Bytes with start codes.</param>
    /// <param name="at">Where to look; moved behind the unit.</param>
    /// <param name="unit">From the head of the unit to the next start code.</param>
    public static bool Next(ReadOnlySpan<byte> packet, ref int at, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        var start = packet[at..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        if (start < 0)
        {
            return false;
        }

        start += at + 3;
        var next = packet[start..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        at = next < 0 ? packet.Length : start + next;
        unit = packet[start..at];
        return true;
    }

    /// <summary>Whether a packet is set apart so; where lengths are used instead of start codes, what looks like one would be chance.</summary>
    public static bool Begin(ReadOnlySpan<byte> packet) =>
        packet.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) || packet.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]);

    /// <summary>The content without the bytes 3 that keep start codes out of it.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> unit)
    {
        var bytes = new List<byte>(unit.Length);
        var zeros = 0;
        foreach (var b in unit)
        {
            if (zeros >= 2 && b == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = b == 0 ? zeros + 1 : 0;
            bytes.Add(b);
        }

        return [.. bytes];
    }
}
