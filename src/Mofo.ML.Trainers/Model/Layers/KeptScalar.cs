using System.Collections.Concurrent;
using TorchSharp;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Torch scalars that live as long as the process, for use as arguments of tensor operations.</summary>
/// <remarks>
/// TorchSharp 0.107 turns every number argument into a Scalar object with a finaliser and hands its pointer to native code without keeping
/// the object alive: a garbage collection at that moment frees it under the running operation ("Unknown scalar type", or a wrong result). Seen here
/// after some eighty training steps, and after some five thousand predictions. It does so inside its own code too: a + b is a sum with a hidden factor 1, and
/// ToInt64() or ToDouble() of a tensor read a Scalar that has no reference. So no operation of ours takes a bare number or adds with +, and none reads a number by To...():
/// constants come from here, changing values are held in a <c>using</c>, sums are made by <see cref="Plus"/>, numbers are read by <c>item</c>. ScalarLifetimeTests follows every
/// call in the compiled code.
/// </remarks>
internal static class KeptScalar
{
    private static readonly ConcurrentDictionary<double, Scalar> Fractions = new();
    private static readonly ConcurrentDictionary<long, Scalar> Integers = new();

    /// <summary>The factor of a plain sum.</summary>
    public static Scalar One { get; } = 1.ToScalar();

    /// <summary>left + right, with a factor that stays alive.</summary>
    public static torch.Tensor Plus(this torch.Tensor left, torch.Tensor right) => left.add(right, One);

    /// <summary>0, 1, 2, ... as int64, [count].</summary>
    public static torch.Tensor Count(long count, torch.Device device) =>
        torch.arange(Of(0L), Of(count), One, torch.ScalarType.Int64, device);

    /// <summary>A floating-point constant.</summary>
    public static Scalar Of(double value) => Fractions.GetOrAdd(value, static v => v.ToScalar());

    /// <summary>An integer constant; keeps integer tensors integer.</summary>
    public static Scalar Of(long value) => Integers.GetOrAdd(value, static v => v.ToScalar());
}
