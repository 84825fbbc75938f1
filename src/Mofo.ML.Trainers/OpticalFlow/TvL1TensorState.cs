using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Flow and dual variables of one level, changed in place by the inner iteration of TV-L1 (see the CPU's TvL1Solver for the equations).</summary>
internal sealed class TvL1TensorState : IDisposable
{
    private const int Median = 5;

    private readonly double _threshold;
    private readonly double _theta;
    private readonly double _dualStep;
    private readonly Tensor _dualX; // [2,H,W]: the dual of x in directions x and y
    private readonly Tensor _dualY;

    /// <param name="x">Flow to begin with, [H,W]; it is copied.</param>
    /// <param name="y">Flow to begin with.</param>
    /// <param name="parameters">Weights.</param>
    public TvL1TensorState(Tensor x, Tensor y, TvL1Parameters parameters)
    {
        (_threshold, _theta, _dualStep) = (parameters.Lambda * parameters.Theta, parameters.Theta, parameters.Tau / parameters.Theta);
        (X, Y) = (x.clone(), y.clone());
        _dualX = zeros(2, x.shape[0], x.shape[1], device: x.device);
        _dualY = zeros_like(_dualX);
    }

    public Tensor X { get; private set; }

    public Tensor Y { get; private set; }

    /// <summary>The 5x5 median of both components, edge pixels repeated outwards.</summary>
    public void Filter()
    {
        using var old = X;
        using var oldY = Y;
        (X, Y) = (Filtered(X), Filtered(Y));
    }

    /// <summary>One iteration.</summary>
    /// <param name="term">The data term.</param>
    /// <param name="asks">Whether to compute the change, which waits for the device.</param>
    /// <returns>Sum of the squared changes of the flow; null where it was not requested.</returns>
    public double? Iterate(TvL1DataTerm term, bool asks)
    {
        using var scope = NewDisposeScope();
        var rho = term.Residual.clone().addcmul_(term.GradientX, X, KeptScalar.One).addcmul_(term.GradientY, Y, KeptScalar.One);
        var step = rho.mul_(term.InverseNorm).clamp_(KeptScalar.Of(-_threshold), KeptScalar.Of(_threshold));
        var theta = KeptScalar.Of(_theta);
        var changeX = Divergence(_dualX).mul_(theta).addcmul_(step, term.GradientX, KeptScalar.Of(-1.0));
        var changeY = Divergence(_dualY).mul_(theta).addcmul_(step, term.GradientY, KeptScalar.Of(-1.0));
        X.add_(changeX, KeptScalar.One);
        Y.add_(changeY, KeptScalar.One);
        StepDual(_dualX, X);
        StepDual(_dualY, Y);
        return asks ? (changeX * changeX).Plus(changeY * changeY).sum(ScalarType.Float64).cpu().item<double>() : null;
    }

    public void Dispose()
    {
        X.Dispose();
        Y.Dispose();
        _dualX.Dispose();
        _dualY.Dispose();
    }

    private static Tensor Filtered(Tensor plane)
    {
        using var scope = NewDisposeScope();
        var padded = Repeated(Repeated(plane, 0), 1);
        var windows = padded.unfold(0, Median, 1).unfold(1, Median, 1).reshape(plane.shape[0], plane.shape[1], Median * Median);
        return windows.kthvalue(((Median * Median) + 1) / 2, 2).values.contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor Repeated(Tensor plane, int dimension)
    {
        var (first, last) = (plane.narrow(dimension, 0, 1), plane.narrow(dimension, plane.shape[dimension] - 1, 1));
        return cat([first, first, plane, last, last], dimension);
    }

    /// <summary>Backward differences, 0 before the first row and column.</summary>
    private static Tensor Divergence(Tensor dual)
    {
        var (height, width) = (dual.shape[1], dual.shape[2]);
        Tensor alongX = dual.select(0, 0), alongY = dual.select(0, 1);
        var divergence = alongX.Plus(alongY);
        divergence.narrow(1, 1, width - 1).sub_(alongX.narrow(1, 0, width - 1));
        divergence.narrow(0, 1, height - 1).sub_(alongY.narrow(0, 0, height - 1));
        return divergence;
    }

    /// <summary>p = (p + s grad u) / (1 + s |grad u|), with forward differences that are 0 at the right and lower edge.</summary>
    private void StepDual(Tensor dual, Tensor flow)
    {
        var (height, width) = (flow.shape[0], flow.shape[1]);
        var gradient = zeros_like(dual);
        gradient.select(0, 0).narrow(1, 0, width - 1).copy_(flow.narrow(1, 1, width - 1) - flow.narrow(1, 0, width - 1));
        gradient.select(0, 1).narrow(0, 0, height - 1).copy_(flow.narrow(0, 1, height - 1) - flow.narrow(0, 0, height - 1));
        var step = KeptScalar.Of(_dualStep);
        var norm = (gradient * gradient).sum(dim: 0).sqrt_().mul_(step).add_(KeptScalar.One, KeptScalar.One);
        dual.add_(gradient, step).div_(norm);
    }
}
