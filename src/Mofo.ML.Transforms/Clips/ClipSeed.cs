namespace Mofo.ML.Transforms.Clips;

/// <summary>Random numbers of one clip, from seed, epoch and item alone: neither order nor number of threads changes them.</summary>
internal static class ClipSeed
{
    public static Random RandomFor(int seed, int epoch, int item)
    {
        var mixed = Mix(Mix(Mix((uint)seed) ^ (uint)epoch) ^ (uint)item);
        return new Random((int)(mixed >> 33));
    }

    // The finishing step of SplitMix64 (Steele, Lea, Flood 2014): neighbouring inputs give unrelated outputs.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
