using Mofo.ML.Trainers.Model.Layers;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>The data term of TV-L1 where a flow points: warped derivatives, 1 / |gradient|² and the residual; planes [H,W].</summary>
internal sealed record TvL1DataTerm(Tensor GradientX, Tensor GradientY, Tensor InverseNorm, Tensor Residual) : IDisposable
{
    public void Dispose()
    {
        GradientX.Dispose();
        GradientY.Dispose();
        InverseNorm.Dispose();
        Residual.Dispose();
    }
}

/// <summary>A picture and its derivatives sampled at displaced places: bicubic with OpenCV's a = -0.75, 0 outside the picture (the CPU's CubicWarp).</summary>
internal sealed class TensorWarp : IDisposable
{
    private const int Border = 5; // zeros around the picture; displaced places are clamped so that the 4x4 taps stay within
    private const double A = -0.75;

    private readonly int _width;
    private readonly int _height;
    private readonly Tensor _pixels; // [3, (H + 2 Border) (W + 2 Border)]: value, derivative in x, derivative in y
    private readonly Tensor _x; // [1,W]
    private readonly Tensor _y; // [H,1]

    /// <param name="picture">[H,W], grey 0 to 255.</param>
    public TensorWarp(Tensor picture)
    {
        using var scope = NewDisposeScope();
        (_height, _width) = ((int)picture.shape[0], (int)picture.shape[1]);
        var alongX = Shift(picture, 1, 1) - Shift(picture, 1, -1);
        var alongY = Shift(picture, 0, 1) - Shift(picture, 0, -1);
        var half = KeptScalar.Of(0.5);
        var bordered = zeros(3, _height + (2 * Border), _width + (2 * Border), device: picture.device);
        bordered.narrow(1, Border, _height).narrow(2, Border, _width).copy_(stack([picture, alongX.mul_(half), alongY.mul_(half)]));
        _pixels = bordered.view(3, -1).MoveToOuterDisposeScope();
        _x = KeptScalar.Count(_width, picture.device).to(ScalarType.Float32).unsqueeze(0).MoveToOuterDisposeScope();
        _y = KeptScalar.Count(_height, picture.device).to(ScalarType.Float32).unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The linear brightness model around a flow.</summary>
    /// <param name="first">The picture that the flow starts from, [H,W].</param>
    /// <param name="flowX">[H,W], pixels.</param>
    /// <param name="flowY">[H,W], pixels.</param>
    public TvL1DataTerm Linearise(Tensor first, Tensor flowX, Tensor flowY)
    {
        using var scope = NewDisposeScope();
        var sampled = Sample(_x.Plus(flowX), _y.Plus(flowY)); // [3,H,W]
        Tensor gx = sampled.select(0, 1).contiguous(), gy = sampled.select(0, 2).contiguous();
        var norm = (gx * gx).Plus(gy * gy).add_(KeptScalar.Of(1e-12), KeptScalar.One);
        var residual = sampled.select(0, 0) - (gx * flowX) - (gy * flowY) - first;
        return new TvL1DataTerm(gx.MoveToOuterDisposeScope(), gy.MoveToOuterDisposeScope(), norm.reciprocal_().MoveToOuterDisposeScope(), residual.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _x.Dispose();
        _y.Dispose();
    }

    /// <summary>The plane moved by one pixel against a direction, the edge repeated.</summary>
    private static Tensor Shift(Tensor plane, int dimension, int by)
    {
        var length = plane.shape[dimension];
        return by > 0
            ? cat([plane.narrow(dimension, 1, length - 1), plane.narrow(dimension, length - 1, 1)], dimension)
            : cat([plane.narrow(dimension, 0, 1), plane.narrow(dimension, 0, length - 1)], dimension);
    }

    private Tensor Sample(Tensor placeX, Tensor placeY)
    {
        var stride = _width + (2 * Border);
        Tensor left = placeX.floor(), top = placeY.floor();
        var (weightsX, weightsY) = (Weights(placeX - left), Weights(placeY - top));
        var column = left.clamp(KeptScalar.Of(-3.0), KeptScalar.Of(_width + 1.0)).add_(KeptScalar.Of(Border - 1.0), KeptScalar.One);
        var row = top.clamp(KeptScalar.Of(-3.0), KeptScalar.Of(_height + 1.0)).add_(KeptScalar.Of(Border - 1.0), KeptScalar.One);

        // Places are counted in integers: in a large picture they are beyond what floats hold exactly.
        var place = row.to(ScalarType.Int64).mul_(KeptScalar.Of((long)stride)).add_(column.to(ScalarType.Int64), KeptScalar.One).view(-1);
        var sum = zeros(3, _height, _width, device: placeX.device);
        for (var j = 0; j < 4; j++)
        {
            var inRow = zeros(3, _height, _width, device: placeX.device);
            for (var i = 0; i < 4; i++)
            {
                var at = place.add(KeptScalar.Of((long)((j * stride) + i)), KeptScalar.One);
                inRow.addcmul_(_pixels.index_select(1, at).view(3, _height, _width), weightsX[i], KeptScalar.One);
            }

            sum.addcmul_(inRow, weightsY[j], KeptScalar.One);
        }

        return sum;
    }

    /// <summary>Weights of the taps at -1, 0, 1, 2 for places t after tap 0 (Keys 1981).</summary>
    private static Tensor[] Weights(Tensor t) =>
        [Cubic(t, A, -2 * A, A, 0), Cubic(t, 0, -(A + 3), A + 2, 1), Cubic(t, -A, (2 * A) + 3, -(A + 2), 0), Cubic(t, 0, A, -A, 0)];

    /// <summary>c0 + t (c1 + t (c2 + t c3)).</summary>
    private static Tensor Cubic(Tensor t, double c1, double c2, double c3, double c0) =>
        t.mul(KeptScalar.Of(c3)).add_(KeptScalar.Of(c2), KeptScalar.One).mul_(t).add_(KeptScalar.Of(c1), KeptScalar.One).mul_(t).add_(KeptScalar.Of(c0), KeptScalar.One);
}
