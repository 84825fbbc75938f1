using Mofo.ML.Transforms;

namespace Mofo.ML.Research;

/// <summary>Settings of the TV-L1 flow; the defaults are those of OpenCV's class, which made the paper's motion boxes.</summary>
/// <remarks>Names follow Sánchez, Meinhardt-Llopis and Facciolo, "TV-L1 Optical Flow Estimation", IPOL 2013. Grey values count from 0 to 255.</remarks>
public sealed record TvL1Parameters
{
    /// <summary>Time step of the dual iteration.</summary>
    /// <value>Default 0.25; in [0.01, 1]. Convergence is proven up to 0.125 and seen up to 0.25.</value>
    public double Tau { get; init; } = 0.25;

    /// <summary>Weight of the data term: smaller gives smoother flow.</summary>
    /// <value>Default 0.15; in [0.0001, 100].</value>
    public double Lambda { get; init; } = 0.15;

    /// <summary>Tightness of the coupling between the smooth and the data-following flow.</summary>
    /// <value>Default 0.3; in [0.001, 10].</value>
    public double Theta { get; init; } = 0.3;

    /// <summary>Pyramid levels, the full picture included; fewer where a level would have a side below 16 pixels.</summary>
    /// <value>Default 5; in [1, 32].</value>
    public int Scales { get; init; } = 5;

    /// <summary>Size of a level relative to the one below.</summary>
    /// <value>Default 0.8; in [0.1, 0.95].</value>
    public double ScaleStep { get; init; } = 0.8;

    /// <summary>How often the second picture is warped again on each level.</summary>
    /// <value>Default 5; in [1, 100].</value>
    public int Warps { get; init; } = 5;

    /// <summary>Iterating ends when the flow's root mean square change falls below this many pixels.</summary>
    /// <value>Default 0.01; in [0, 1].</value>
    public double Epsilon { get; init; } = 0.01;

    /// <summary>Most iterations between two median filterings.</summary>
    /// <value>Default 30; in [1, 10000].</value>
    public int InnerIterations { get; init; } = 30;

    /// <summary>Most median filterings for each warp.</summary>
    /// <value>Default 10; in [1, 1000].</value>
    public int OuterIterations { get; init; } = 10;

    /// <summary>Whether the flow passes through a 5x5 median filter (Wedel et al. 2009) in every outer iteration.</summary>
    /// <value>Default true.</value>
    public bool MedianFilter { get; init; } = true;

    internal void Validate(OptionProblems problems)
    {
        problems.InRange(Tau, 0.01, 1);
        problems.InRange(Lambda, 0.0001, 100);
        problems.InRange(Theta, 0.001, 10);
        problems.InRange(Scales, 1, 32);
        problems.InRange(ScaleStep, 0.1, 0.95);
        problems.InRange(Warps, 1, 100);
        problems.InRange(Epsilon, 0, 1);
        problems.InRange(InnerIterations, 1, 10_000);
        problems.InRange(OuterIterations, 1, 1000);
    }
}
