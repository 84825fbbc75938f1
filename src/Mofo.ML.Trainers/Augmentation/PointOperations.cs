using System.Numerics;
using System.Runtime.InteropServices;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Operations that treat every byte by itself and alike: whole vectors of bytes at a time, in place.</summary>
internal static class PointOperations
{
    public static Clip Invert(Clip clip) => ForEach(clip, new Inverting());

    /// <summary>Keeps the highest bits of each value; 8 or more change nothing.</summary>
    public static Clip Posterize(Clip clip, int bits) => bits >= 8 ? clip : ForEach(clip, new Masking((byte)(0xFF << (8 - bits))));

    /// <summary>Inverts the values from the threshold on.</summary>
    public static Clip Solarize(Clip clip, int threshold) => threshold > 255 ? clip : ForEach(clip, new Solarizing((byte)threshold));

    /// <summary>Raises the values below 128, up to 255.</summary>
    public static Clip SolarizeAdd(Clip clip, int amount) => ForEach(clip, new Raising((byte)Math.Min(amount, 255)));

    private static Clip ForEach<TOperation>(Clip clip, TOperation operation)
        where TOperation : struct, IByteOperation
    {
        var pixels = clip.Pixels;
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(pixels);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = operation.Apply(vectors[i]);
        }

        foreach (ref var value in pixels[(vectors.Length * Vector<byte>.Count)..])
        {
            value = operation.Apply(new Vector<byte>(value))[0];
        }

        return clip;
    }

    private interface IByteOperation
    {
        Vector<byte> Apply(Vector<byte> values);
    }

    private readonly struct Inverting : IByteOperation
    {
        public Vector<byte> Apply(Vector<byte> values) => ~values;
    }

    private readonly struct Masking(byte mask) : IByteOperation
    {
        public Vector<byte> Apply(Vector<byte> values) => values & new Vector<byte>(mask);
    }

    private readonly struct Solarizing(byte threshold) : IByteOperation
    {
        public Vector<byte> Apply(Vector<byte> values) => Vector.ConditionalSelect(Vector.LessThan(values, new Vector<byte>(threshold)), values, ~values);
    }

    private readonly struct Raising(byte amount) : IByteOperation
    {
        public Vector<byte> Apply(Vector<byte> values) => Vector.ConditionalSelect(
            Vector.LessThan(values, new Vector<byte>(128)),
            Vector.Min(values, new Vector<byte>((byte)(255 - amount))) + new Vector<byte>(amount),
            values);
    }
}
