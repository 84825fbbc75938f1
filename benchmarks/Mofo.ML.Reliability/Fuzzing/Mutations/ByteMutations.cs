using System.Buffers.Binary;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Mutations that know nothing of the format.</summary>
internal static class ByteMutations
{
    public static IReadOnlyList<Mutation> All { get; } = [FlipBits, SetBytes, SetNumber, SetNumber, Nudge, Remove, Repeat, Insert, Cut, Splice, Swap, Fill];

    private const int LongestPart = 64;

    public static byte[] FlipBits(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        for (var count = 1 + draw.Below(8); count > 0; count--)
        {
            bytes[draw.Below(bytes.Length)] ^= (byte)(1 << draw.Below(8));
        }

        return bytes;
    }

    public static byte[] SetBytes(byte[] input, Draw draw)
    {
        // Damage near the start hits headers more often than chance would.
        var bytes = (byte[])input.Clone();
        var within = draw.OneIn(2) ? Math.Min(bytes.Length, 200) : bytes.Length;
        for (var count = 1 + draw.Below(4); count > 0; count--)
        {
            bytes[draw.Below(within)] = draw.Byte();
        }

        return bytes;
    }

    /// <summary>Writes a number of 1, 2, 4 or 8 bytes in either byte order.</summary>
    public static byte[] SetNumber(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        Span<byte> number = stackalloc byte[8];
        var size = 1 << draw.Below(4);
        var value = draw.Number(input.Length);
        if (draw.OneIn(2))
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number = number[..size];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number = number[(8 - size)..];
        }

        var at = draw.Below(bytes.Length);
        number[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>Adds a little to one byte: lengths and counts go off by a few.</summary>
    public static byte[] Nudge(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        bytes[draw.Below(bytes.Length)] += (byte)(draw.Below(71) - 35);
        return bytes;
    }

    public static byte[] Remove(byte[] input, Draw draw)
    {
        var start = draw.Below(input.Length);
        return [.. input[..start], .. input[Math.Min(input.Length, start + 1 + draw.Below(LongestPart))..]];
    }

    public static byte[] Repeat(byte[] input, Draw draw)
    {
        var start = draw.Below(input.Length);
        var part = input[start..Math.Min(input.Length, start + 1 + draw.Below(LongestPart))];
        return [.. input[..start], .. Enumerable.Repeat(part, 1 + draw.Below(4)).SelectMany(p => p), .. input[start..]];
    }

    public static byte[] Insert(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length + 1);
        return [.. input[..at], .. draw.Bytes(1 + draw.Below(LongestPart)), .. input[at..]];
    }

    public static byte[] Cut(byte[] input, Draw draw) => input[..draw.Below(input.Length)];

    public static byte[] Splice(byte[] input, Draw draw)
    {
        var other = draw.Of(draw.Seeds);
        return [.. input[..draw.Below(input.Length)], .. other[draw.Below(other.Length)..]];
    }

    public static byte[] Swap(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        var length = Math.Min(1 + draw.Below(LongestPart), bytes.Length);
        var (a, b) = (draw.Below(bytes.Length - length + 1), draw.Below(bytes.Length - length + 1));
        input.AsSpan(a, length).CopyTo(bytes.AsSpan(b));
        input.AsSpan(b, length).CopyTo(bytes.AsSpan(a));
        return bytes;
    }

    public static byte[] Fill(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        var start = draw.Below(bytes.Length);
        bytes.AsSpan(start, Math.Min(bytes.Length - start, 1 + draw.Below(LongestPart))).Fill(draw.OneIn(2) ? (byte)(draw.OneIn(2) ? 0 : 0xFF) : draw.Byte());
        return bytes;
    }
}
