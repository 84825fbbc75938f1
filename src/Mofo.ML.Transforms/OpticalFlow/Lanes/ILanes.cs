using System.Numerics;

namespace Mofo.ML.Transforms.OpticalFlow.Lanes;

/// <summary>A number of floats computed side by side, so that a kernel is written once and runs at every vector width.</summary>
/// <remarks>No fused multiply-add on purpose: every width gives the same bits, element by element.</remarks>
/// <typeparam name="TSelf">The implementing struct: the just-in-time compiler makes code of its own for each.</typeparam>
internal unsafe interface ILanes<TSelf> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Floats in one value.</summary>
    static abstract int Count { get; }

    static abstract TSelf Of(float value);

    static abstract TSelf Load(float* from);

    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Puts the smaller one of each lane into <paramref name="a"/> and the greater one into <paramref name="b"/>.</summary>
    static abstract void Order(ref TSelf a, ref TSelf b);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>About 1 / sqrt(a), wrong by at most 0.2 %, for a at least 0 (finite for 0): a guess from the bits and one step of Newton, the same on every machine.</summary>
    static abstract TSelf InverseSqrt(TSelf a);

    void Store(float* to);

    float Sum();
}
