using System.Collections.Concurrent;
using TorchSharp;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Torch scalars that live as long as the process, for use as arguments of tensor operations.</summary>
/// <remarks>
/// TorchSharp 0.107 turns every number argument into a Scalar object with a finaliser and hands its pointer to native code without keeping
/// the object alive: a garbage collection at that moment frees it under the running operation ("Unknown scalar type", or a wrong result).
/// Seen here after some eighty training steps. So no operation of ours takes a bare number: constants come from here, changing values are
/// held in a <c>using</c>. ScalarLifetimeTests looks for bare numbers in the compiled code.
/// </remarks>
internal static class KeptScalar
{
    private static readonly ConcurrentDictionary<double, Scalar> Fractions = new();
    private static readonly ConcurrentDictionary<long, Scalar> Integers = new();

    /// <summary>A floating-point constant.</summary>
    public static Scalar Of(double value) => Fractions.GetOrAdd(value, static v => v.ToScalar());

    /// <summary>An integer constant; keeps integer tensors integer.</summary>
    public static Scalar Of(long value) => Integers.GetOrAdd(value, static v => v.ToScalar());
}
