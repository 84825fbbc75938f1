namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Reads numbers of any length from the most significant bit on; past the end it gives zeros and says so.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private const int LongestCode = 32;
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _at;

    /// <summary>Whether more was read than there is: what came out is not to be trusted.</summary>
    public readonly bool IsPastEnd => _at > _bytes.Length * 8L;

    private readonly long PastEnd => (_bytes.Length * 8L) + 1;

    public bool Bit() => Bits(1) == 1;

    public int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++, _at++)
        {
            var index = (int)Math.Min(_at / 8, int.MaxValue);
            value = (value << 1) | (index < _bytes.Length ? (_bytes[index] >> (7 - (int)(_at % 8))) & 1 : 0);
        }

        return value;
    }

    /// <summary>Passes over bits; a negative number, which only damaged data asks for, leads past the end.</summary>
    public void Skip(int count) => _at = count < 0 ? PastEnd : _at + count;

    /// <summary>Unsigned Exp-Golomb code, as in H.264 and HEVC.</summary>
    public int Exp()
    {
        var zeros = 0;
        while (!Bit())
        {
            if (++zeros >= LongestCode || IsPastEnd)
            {
                _at = PastEnd;
                return 0;
            }
        }

        return (int)Math.Min(int.MaxValue, (1L << zeros) - 1 + (uint)Bits(zeros));
    }

    /// <summary>Signed Exp-Golomb code.</summary>
    public int SignedExp()
    {
        var code = Exp();
        return (code & 1) == 1 ? (code / 2) + 1 : -(code / 2);
    }
}
