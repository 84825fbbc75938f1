using System.Runtime.Intrinsics;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>What one inner iteration of TV-L1 reads and writes, all of one size.</summary>
/// <param name="GradientX">Warped derivative of the second picture.</param>
/// <param name="GradientY">Warped derivative of the second picture.</param>
/// <param name="InverseNorm">1 / |gradient|²; any finite value where there is no gradient.</param>
/// <param name="Residual">The part of the brightness difference that does not depend on the flow.</param>
/// <param name="X">Flow, read and written.</param>
/// <param name="Y">Flow, read and written.</param>
/// <param name="DualXx">Dual of the x flow in direction x; the guard left of it must be 0.</param>
/// <param name="DualXy">Dual of the x flow in direction y.</param>
/// <param name="DualYx">Dual of the y flow in direction x; the guard left of it must be 0.</param>
/// <param name="DualYy">Dual of the y flow in direction y.</param>
internal readonly record struct TvL1Planes(
    Plane GradientX, Plane GradientY, Plane InverseNorm, Plane Residual, Plane X, Plane Y, Plane DualXx, Plane DualXy, Plane DualYx, Plane DualYy);

/// <summary>The three weights of an inner iteration.</summary>
/// <param name="Threshold">lambda * theta: the longest step of the data term in units of the gradient.</param>
/// <param name="Theta">Coupling of flow and auxiliary flow.</param>
/// <param name="DualStep">tau / theta.</param>
internal readonly record struct TvL1Weights(float Threshold, float Theta, float DualStep);

/// <summary>One inner iteration; gives the sum of the squared changes of the flow.</summary>
internal delegate double TvL1Iteration(in TvL1Planes planes, in TvL1Weights weights);

/// <summary>The inner iteration of TV-L1 (Zach, Pock, Bischof 2007, equations 8 to 15), in one sweep over the memory.</summary>
/// <remarks>
/// Data step: v = u + clamp(-rho / |g|², ±lambda theta) g, which is the paper's three-case thresholding; u = v + theta div p.
/// Dual step: p = p + tau/theta grad u, brought back as <see cref="ITvL1DualStep"/> says, with forward differences that are 0 at the right and lower edge.
/// The dual step of a row follows the data step of the row below it, which is the last reader of its old values.
/// </remarks>
internal static unsafe class TvL1Solver
{
    /// <summary>One iteration at the widest vectors of this machine; gives the sum of the squared changes of the flow.</summary>
    /// <typeparam name="TDual">How the dual steps.</typeparam>
    public static double Iterate<TDual>(in TvL1Planes planes, in TvL1Weights weights)
        where TDual : struct, ITvL1DualStep =>
        Vector512.IsHardwareAccelerated ? Iterate<Lanes16, TDual>(planes, weights)
        : Vector256.IsHardwareAccelerated ? Iterate<Lanes8, TDual>(planes, weights)
        : Vector128.IsHardwareAccelerated ? Iterate<Lanes4, TDual>(planes, weights)
        : Iterate<Lanes1, TDual>(planes, weights);

    /// <summary>One iteration at a given vector width.</summary>
    public static double Iterate<TLanes, TDual>(in TvL1Planes planes, in TvL1Weights weights)
        where TLanes : unmanaged, ILanes<TLanes>
        where TDual : struct, ITvL1DualStep
    {
        var change = 0.0;
        var last = planes.X.Height - 1;
        for (var y = 0; y <= last; y++)
        {
            change += StepFlow<TLanes>(planes, weights, y);
            if (y > 0)
            {
                StepDual<TLanes, TDual>(planes.X.Row(y - 1), planes.X.Row(y), planes.DualXx.Row(y - 1), planes.DualXy.Row(y - 1),
                    planes.Y.Row(y - 1), planes.Y.Row(y), planes.DualYx.Row(y - 1), planes.DualYy.Row(y - 1), planes.X.Width, weights.DualStep);
            }
        }

        StepDual<TLanes, TDual>(planes.X.Row(last), planes.X.Row(last), planes.DualXx.Row(last), planes.DualXy.Row(last),
            planes.Y.Row(last), planes.Y.Row(last), planes.DualYx.Row(last), planes.DualYy.Row(last), planes.X.Width, weights.DualStep);
        return change;
    }

    private static double StepFlow<TLanes>(in TvL1Planes planes, in TvL1Weights weights, int y)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* gradientX = planes.GradientX.Row(y), gradientY = planes.GradientY.Row(y), inverseNorm = planes.InverseNorm.Row(y), residual = planes.Residual.Row(y);
        float* flowX = planes.X.Row(y), flowY = planes.Y.Row(y);
        float* xx = planes.DualXx.Row(y), xy = planes.DualXy.Row(y), yx = planes.DualYx.Row(y), yy = planes.DualYy.Row(y);

        // Above the first row the dual is 0: subtracting a row from itself times 0 would cost as much as a row of zeros, so the scale is 0 there.
        float* xyAbove = planes.DualXy.Row(Math.Max(y - 1, 0)), yyAbove = planes.DualYy.Row(Math.Max(y - 1, 0));
        var above = TLanes.Of(y == 0 ? 0 : 1);
        TLanes theta = TLanes.Of(weights.Theta), most = TLanes.Of(weights.Threshold), least = TLanes.Of(-weights.Threshold), change = TLanes.Of(0);
        var width = planes.X.Width;
        var edge = 0.0;
        for (var x = 0; x < width; x += TLanes.Count)
        {
            TLanes oldX = TLanes.Load(flowX + x), oldY = TLanes.Load(flowY + x), gx = TLanes.Load(gradientX + x), gy = TLanes.Load(gradientY + x);
            var rho = TLanes.Load(residual + x) + (gx * oldX) + (gy * oldY);
            var step = TLanes.Max(least, TLanes.Min(most, rho * TLanes.Load(inverseNorm + x)));
            var divergenceX = TLanes.Load(xx + x) - TLanes.Load(xx + x - 1) + (TLanes.Load(xy + x) - (above * TLanes.Load(xyAbove + x)));
            var divergenceY = TLanes.Load(yx + x) - TLanes.Load(yx + x - 1) + (TLanes.Load(yy + x) - (above * TLanes.Load(yyAbove + x)));
            var newX = oldX - (step * gx) + (theta * divergenceX);
            var newY = oldY - (step * gy) + (theta * divergenceY);
            newX.Store(flowX + x);
            newY.Store(flowY + x);
            TLanes changeX = newX - oldX, changeY = newY - oldY;
            var squares = (changeX * changeX) + (changeY * changeY);
            if (x + TLanes.Count <= width)
            {
                change += squares;
            }
            else
            {
                edge = SumOf(squares, width - x);
            }
        }

        // The forward difference of the last column must be 0.
        TLanes.Of(flowX[width - 1]).Store(flowX + width);
        TLanes.Of(flowY[width - 1]).Store(flowY + width);
        return change.Sum() + edge;
    }

    private static double SumOf<TLanes>(TLanes values, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var each = stackalloc float[Plane.Guard];
        values.Store(each);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += each[i];
        }

        return sum;
    }

    private static void StepDual<TLanes, TDual>(
        float* flowX, float* flowXBelow, float* xx, float* xy, float* flowY, float* flowYBelow, float* yx, float* yy, int width, float dualStep)
        where TLanes : unmanaged, ILanes<TLanes>
        where TDual : struct, ITvL1DualStep
    {
        var step = TLanes.Of(dualStep);
        for (var x = 0; x < width; x += TLanes.Count)
        {
            TLanes u = TLanes.Load(flowX + x), v = TLanes.Load(flowY + x);
            TLanes ux = TLanes.Load(flowX + x + 1) - u, uy = TLanes.Load(flowXBelow + x) - u;
            TLanes vx = TLanes.Load(flowY + x + 1) - v, vy = TLanes.Load(flowYBelow + x) - v;
            TLanes pxx = TLanes.Load(xx + x) + (step * ux), pxy = TLanes.Load(xy + x) + (step * uy);
            TLanes pyx = TLanes.Load(yx + x) + (step * vx), pyy = TLanes.Load(yy + x) + (step * vy);
            var (overU, overV) = TDual.Factors((pxx * pxx) + (pxy * pxy), (pyx * pyx) + (pyy * pyy), (ux * ux) + (uy * uy), (vx * vx) + (vy * vy), step);
            (pxx * overU).Store(xx + x);
            (pxy * overU).Store(xy + x);
            (pyx * overV).Store(yx + x);
            (pyy * overV).Store(yy + x);
        }
    }
}
