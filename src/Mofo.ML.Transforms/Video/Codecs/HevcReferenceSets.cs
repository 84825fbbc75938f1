namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Skips the short-term reference picture sets of an HEVC sequence (ITU-T H.265, 7.3.7); each may be coded as its difference to the one before.</summary>
internal static class HevcReferenceSets
{
    private const int MostPictures = 16;

    /// <summary>False where the sets make no sense.</summary>
    public static bool Skip(ref BitReader bits, int most)
    {
        var sets = bits.Exp();
        if (sets > most)
        {
            return false;
        }

        var pictures = 0; // of the set before
        for (var set = 0; set < sets; set++)
        {
            var next = set > 0 && bits.Bit() ? Derived(ref bits, pictures) : Listed(ref bits);
            if (next > MostPictures || bits.IsPastEnd)
            {
                return false;
            }

            pictures = next;
        }

        return true;
    }

    private static int Derived(ref BitReader bits, int before)
    {
        bits.Skip(1); // sign of the difference
        _ = bits.Exp(); // its size
        var pictures = 0;
        for (var i = 0; i <= before; i++)
        {
            // Used by the current picture, or else kept for later ones.
            pictures += bits.Bit() || bits.Bit() ? 1 : 0;
        }

        return pictures;
    }

    private static int Listed(ref BitReader bits)
    {
        var (before, after) = (bits.Exp(), bits.Exp());
        if (before > MostPictures || after > MostPictures)
        {
            return int.MaxValue;
        }

        for (var i = 0; i < before + after; i++)
        {
            _ = bits.Exp();
            bits.Skip(1);
        }

        return before + after;
    }
}
