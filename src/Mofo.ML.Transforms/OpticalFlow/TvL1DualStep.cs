using System.Runtime.CompilerServices;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>How the dual follows the gradient of the flow.</summary>
internal interface ITvL1DualStep
{
    /// <summary>The two factors by which the stepped duals of both components are kept within the unit ball.</summary>
    /// <param name="steppedX">The dual of the x flow after its step: squared length.</param>
    /// <param name="steppedY">The dual of the y flow after its step: squared length.</param>
    /// <param name="gradientX">Squared length of the x flow's gradient.</param>
    /// <param name="gradientY">Squared length of the y flow's gradient.</param>
    /// <param name="step">tau / theta.</param>
    static abstract (TLanes X, TLanes Y) Factors<TLanes>(TLanes steppedX, TLanes steppedY, TLanes gradientX, TLanes gradientY, TLanes step)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Chambolle 2004, as Zach, Pock and Bischof 2007 and OpenCV have it: divided by 1 + tau/theta |grad u|.</summary>
internal readonly struct SemiImplicitStep : ITvL1DualStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes X, TLanes Y) Factors<TLanes>(TLanes steppedX, TLanes steppedY, TLanes gradientX, TLanes gradientY, TLanes step)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var one = TLanes.Of(1);
        var normX = one + (step * TLanes.Sqrt(gradientX));
        var normY = one + (step * TLanes.Sqrt(gradientY));

        // One division serves both: 1/a = b/(ab).
        var both = one / (normX * normY);
        return (both * normY, both * normX);
    }
}

/// <summary>Chambolle 2005: what has left the unit ball is brought back to its surface. It needs neither root nor division, which are half of the other step's time.</summary>
internal readonly struct ProjectedStep : ITvL1DualStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes X, TLanes Y) Factors<TLanes>(TLanes steppedX, TLanes steppedY, TLanes gradientX, TLanes gradientY, TLanes step)
        where TLanes : unmanaged, ILanes<TLanes> =>
        (TLanes.Min(TLanes.Of(1), TLanes.InverseSqrt(steppedX)), TLanes.Min(TLanes.Of(1), TLanes.InverseSqrt(steppedY)));
}
