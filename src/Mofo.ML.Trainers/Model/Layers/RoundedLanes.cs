using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Sixteen bfloat16 values in memory as float32 in a register of AVX-512, and back.</summary>
internal static unsafe class RoundedLanes
{
    /// <summary>Values of a register.</summary>
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ushort* from) => (Avx512F.ConvertToVector512UInt32(Vector256.Load(from)) << 16).AsSingle();

    /// <summary>Rounds to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ushort* to)
    {
        var bits = values.AsUInt32();
        Avx512F.ConvertToVector256UInt16((bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16).Store(to);
    }

    public static float Load(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    public static ushort Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
