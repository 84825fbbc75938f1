using System.Text;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>The random numbers of one input: they depend on the seed, the parser and the number of the input alone, so that each input can be made again by itself.</summary>
internal sealed class Draw
{
    private static readonly long[] Edges =
    [
        0, 1, 2, 3, 7, 8, 9, 15, 16, 27, 63, 64, 127, 128, 255, 256, 1000, 4095, 4096, 65535, 65536, (1 << 24) - 1, 1 << 24, int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue - 1, uint.MaxValue,
        1L << 32, long.MaxValue - 8, long.MaxValue - 1, long.MaxValue, -1, -2, -8, -128, short.MinValue, int.MinValue, long.MinValue, long.MinValue + 1,
    ];

    private readonly Random _random;

    /// <param name="seed">Of the campaign.</param>
    /// <param name="parser">Name of the parser.</param>
    /// <param name="index">Number of the input.</param>
    /// <param name="seeds">All sound inputs, for splices.</param>
    public Draw(int seed, string parser, long index, IReadOnlyList<byte[]> seeds)
    {
        _random = new Random(Mix(seed, parser, index));
        Seeds = seeds;
    }

    public IReadOnlyList<byte[]> Seeds { get; }

    public int Below(int end) => _random.Next(Math.Max(1, end));

    public bool OneIn(int count) => _random.Next(count) == 0;

    public byte Byte() => (byte)_random.Next(256);

    public T Of<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>A number at which readers go wrong: an edge of a type, near one, near a length, or any.</summary>
    public long Number(int length) => Below(5) switch
    {
        0 => length + Below(5) - 2,
        1 => Of(Edges) + Below(3) - 1,
        2 => _random.NextInt64(long.MinValue, long.MaxValue),
        _ => Of(Edges),
    };

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    // FNV-1a over the name, then the finalizer of SplitMix64: neighbours share nothing.
    private static int Mix(int seed, string parser, long index)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(parser))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        hash += ((ulong)index * 0x9E3779B97F4A7C15UL) + ((ulong)(uint)seed << 32);
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return (int)(hash ^ (hash >> 31));
    }
}
