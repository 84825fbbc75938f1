using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.OpticalFlow;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Dense inverse search on one level as tensor operations, all patches of all pairs at once: what <see cref="PatchSearch"/> does patch after patch.</summary>
/// <remarks>
/// There a patch tries the flows that its left and upper neighbours have found just before. Here all patches search at once, and then again from their neighbours' results: after as
/// many rounds as neighbours follow on each other it would be the same; three rounds are near enough for the boxes.
/// </remarks>
internal sealed class TensorPatchSearch : IDisposable
{
    private const int Side = 8;
    private const int Area = Side * Side;
    private const int Border = BorderedPicture.Border;
    private const double Damping = 1000; // as PatchSearch
    private const double SmallStepSquared = 0.01 * 0.01;
    private const int Rounds = 3;

    private readonly int _width;
    private readonly int _height;
    private readonly int _iterations;
    private readonly (int Across, int Down) _grid;
    private readonly Tensor _x; // [1,M] float32: left edge of each patch
    private readonly Tensor _y;
    private readonly Tensor _inPicture; // [M*64] int64: places of the patches' pixels in a picture
    private readonly Tensor _inBordered; // the same in a bordered picture
    private readonly Tensor _middles; // [M] int64: places of the patches' middles in a picture
    private readonly Tensor _around; // [1,1,81] int64: 9x9 places in a bordered picture, from the first on

    public TensorPatchSearch(int width, int height, int stride, int iterations, Device device)
    {
        using var scope = NewDisposeScope();
        (_width, _height, _iterations) = (width, height, iterations);
        var (columns, rows) = (PatchSearch.Places(width, stride), PatchSearch.Places(height, stride));
        _grid = (columns.Length, rows.Length);
        var bordered = width + (2 * Border);
        var patches = rows.SelectMany(y => columns.Select(x => (X: x, Y: y))).ToArray();
        var pixels = Enumerable.Range(0, Area).Select(i => (X: i % Side, Y: i / Side)).ToArray();
        _x = Kept(tensor(Array.ConvertAll(patches, p => (float)p.X), [1, patches.Length]));
        _y = Kept(tensor(Array.ConvertAll(patches, p => (float)p.Y), [1, patches.Length]));
        _inPicture = Kept(tensor(patches.SelectMany(p => pixels.Select(q => ((p.Y + q.Y) * (long)width) + p.X + q.X)).ToArray()));
        _inBordered = Kept(tensor(patches.SelectMany(p => pixels.Select(q => ((p.Y + q.Y + Border) * (long)bordered) + p.X + q.X + Border)).ToArray()));
        _middles = Kept(tensor(Array.ConvertAll(patches, p => ((p.Y + (Side / 2)) * (long)width) + p.X + (Side / 2))));
        _around = Kept(tensor(Enumerable.Range(0, 81).Select(i => (i / 9 * (long)bordered) + (i % 9)).ToArray(), [1, 1, 81]));

        Tensor Kept(Tensor host) => host.SentTo(device).DetachFromDisposeScope();
    }

    /// <summary>The flows found from these, [N,H,W] each.</summary>
    public (Tensor X, Tensor Y) Improve(Tensor first, Tensor second, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var patches = Patches.Of(Bordered(first), _inBordered, _width + (2 * Border));
        var pictures = Bordered(second).flatten(1); // [N,P]
        Tensor startX = x.flatten(1).index_select(1, _middles), startY = y.flatten(1).index_select(1, _middles); // [N,M]
        var (bestX, bestY) = (startX, startY);
        for (var round = 0; round < Rounds; round++)
        {
            var (fromX, fromY) = (startX, startY);
            if (round > 0)
            {
                var least = Step(patches, pictures, startX, startY).Error;
                foreach (var across in new[] { true, false })
                {
                    var (otherX, otherY) = (Neighbour(bestX, startX, across), Neighbour(bestY, startY, across));
                    var error = Step(patches, pictures, otherX, otherY).Error;
                    var isBetter = error.less(least);
                    (least, fromX, fromY) = (where(isBetter, error, least), where(isBetter, otherX, fromX), where(isBetter, otherY, fromY));
                }
            }

            var (foundX, foundY) = Descend(patches, pictures, fromX, fromY);

            // A patch that ran away saw something else: it keeps the flow it began with.
            Tensor dx = foundX - startX, dy = foundY - startY;
            var stayed = (dx * dx).Plus(dy * dy).less_equal(tensor((float)Area).SentTo(dx.device));
            (bestX, bestY) = (where(stayed, foundX, startX), where(stayed, foundY, startY));
        }

        var (sumX, sumY) = Votes(patches, pictures, bestX, bestY, x.shape);
        return (sumX.MoveToOuterDisposeScope(), sumY.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var kept in new[] { _x, _y, _inPicture, _inBordered, _middles, _around })
        {
            kept.Dispose();
        }
    }

    /// <summary>[N,H,W] to [N,H+32,W+32], edge pixels repeated outwards.</summary>
    private static Tensor Bordered(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var result = pictures;
        foreach (var dimension in new[] { 1, 2 })
        {
            var shape = result.shape;
            var (low, high) = (result.narrow(dimension, 0, 1), result.narrow(dimension, shape[dimension] - 1, 1));
            shape[dimension] = Border;
            result = cat([low.expand(shape), result, high.expand(shape)], dimension);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The flow of the patch to the left (or above); the patch's own start where there is none.</summary>
    private Tensor Neighbour(Tensor flow, Tensor start, bool across)
    {
        using var scope = NewDisposeScope();
        var (there, own) = (flow.unflatten(1, _grid.Down, _grid.Across), start.unflatten(1, _grid.Down, _grid.Across)); // [N,R,C]
        var dimension = across ? 2 : 1;
        return cat([own.narrow(dimension, 0, 1), there.narrow(dimension, 0, there.shape[dimension] - 1)], dimension).flatten(1).MoveToOuterDisposeScope();
    }

    /// <summary>Gauss-Newton with the fixed derivative, as long as the error falls, of every patch for itself.</summary>
    private (Tensor X, Tensor Y) Descend(Patches patches, Tensor pictures, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (resultX, resultY) = (x, y);
        var active = ones_like(x, dtype: ScalarType.Bool);
        var least = full_like(x, KeptScalar.Of(double.PositiveInfinity));
        var small = tensor((float)SmallStepSquared).SentTo(x.device);
        for (var i = 0; i < _iterations; i++)
        {
            using var iteration = NewDisposeScope();
            var (error, stepX, stepY) = Step(patches, pictures, x, y);

            // Where the error rises the flow before stands, and that is what the result is so far.
            var falls = active.logical_and(error.less(least));
            (resultX, resultY) = (where(falls, x, resultX), where(falls, y, resultY));
            least = where(falls, error, least);
            (x, y) = (where(falls, x - stepX, x), where(falls, y - stepY, y));
            var arrived = falls.logical_and((stepX * stepX).Plus(stepY * stepY).less(small));
            (resultX, resultY) = (where(arrived, x, resultX), where(arrived, y, resultY));
            active = falls.logical_and(arrived.logical_not());
            foreach (var kept in new[] { resultX, resultY, least, x, y, active })
            {
                _ = kept.MoveToOuterDisposeScope();
            }
        }

        return (where(active, x, resultX).MoveToOuterDisposeScope(), where(active, y, resultY).MoveToOuterDisposeScope());
    }

    /// <summary>Variance-like error at a place, and the step that would cancel it if the picture were linear; [N,M] each.</summary>
    private (Tensor Error, Tensor X, Tensor Y) Step(Patches patches, Tensor pictures, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var difference = Difference(patches, pictures, x, y); // [N,M,64]
        var total = difference.sum(2);
        var mean = total.mul(KeptScalar.Of(1.0 / Area));
        var bx = (difference * patches.GradientX).sum(2) - (patches.SumX * mean);
        var by = (difference * patches.GradientY).sum(2) - (patches.SumY * mean);
        var error = (difference * difference).sum(2) - (total * mean);
        var (stepX, stepY) = patches.Solve(bx, by);
        return (error.MoveToOuterDisposeScope(), stepX.MoveToOuterDisposeScope(), stepY.MoveToOuterDisposeScope());
    }

    /// <summary>The second pictures at the displaced patches, bilinear, minus the first: [N,M,64].</summary>
    private Tensor Difference(Patches patches, Tensor pictures, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();

        // Beyond the border nothing changes any more, so places further out are the same as its end.
        var least = KeptScalar.Of((-2.0 * Side) + 1);
        var placeX = _x.Plus(x).clamp_(least, KeptScalar.Of(_width + Side - 2.0));
        var placeY = _y.Plus(y).clamp_(least, KeptScalar.Of(_height + Side - 2.0));
        Tensor left = placeX.floor(), top = placeY.floor();
        Tensor right = (placeX - left).unsqueeze(2).unsqueeze(3), below = (placeY - top).unsqueeze(2).unsqueeze(3); // [N,M,1,1]
        var border = KeptScalar.Of((long)Border);
        var at = top.to(ScalarType.Int64).add_(border, KeptScalar.One).mul_(KeptScalar.Of((long)(_width + (2 * Border))))
            .add_(left.to(ScalarType.Int64).add_(border, KeptScalar.One), KeptScalar.One); // [N,M]
        var places = at.unsqueeze(2).Plus(_around).flatten(1); // [N,M*81]
        var taps = pictures.gather(1, places).view(at.shape[0], at.shape[1], Side + 1, Side + 1);
        var here = taps.narrow(3, 0, Side);
        var across = here.addcmul(right, taps.narrow(3, 1, Side) - here, KeptScalar.One); // [N,M,9,8]
        var row = across.narrow(2, 0, Side);
        return (row.addcmul(below, across.narrow(2, 1, Side) - row, KeptScalar.One).flatten(2) - patches.Pixels).MoveToOuterDisposeScope();
    }

    /// <summary>A pixel's flow: the mean over the patches above it, each weighted by 1 / max(1, |difference|).</summary>
    private (Tensor X, Tensor Y) Votes(Patches patches, Tensor pictures, Tensor x, Tensor y, long[] shape)
    {
        using var scope = NewDisposeScope();
        var difference = Difference(patches, pictures, x, y);
        var weight = (difference - difference.mean([2], keepdim: true)).abs().clamp_min(KeptScalar.One).reciprocal_(); // [N,M,64]
        var sums = Sum(weight);
        var (foundX, foundY) = (Sum(weight * x.unsqueeze(2)) / sums, Sum(weight * y.unsqueeze(2)) / sums);
        return (foundX.view(shape).MoveToOuterDisposeScope(), foundY.view(shape).MoveToOuterDisposeScope());

        Tensor Sum(Tensor values) => zeros(shape[0], (long)_width * _height, device: values.device).index_add_(1, _inPicture, values.flatten(1), KeptScalar.One);
    }

    /// <summary>The patches of the first pictures: pixels, derivatives [N,M,64], and the inverse of their structure matrices [N,M], means taken out.</summary>
    private sealed record Patches(Tensor Pixels, Tensor GradientX, Tensor GradientY, Tensor SumX, Tensor SumY, Tensor Xx, Tensor Xy, Tensor Yy)
    {
        public static Patches Of(Tensor bordered, Tensor places, int stride)
        {
            var pictures = bordered.flatten(1); // [N,P]
            Tensor At(int offset) => pictures.index_select(1, places.add(KeptScalar.Of((long)offset), KeptScalar.One)).unflatten(1, -1, Area);
            var half = KeptScalar.Of(0.5);
            Tensor gx = (At(1) - At(-1)).mul_(half), gy = (At(stride) - At(-stride)).mul_(half);
            Tensor sumX = gx.sum(2), sumY = gy.sum(2);
            Tensor Centred(Tensor a, Tensor b, Tensor sumA, Tensor sumB) => (a * b).sum(2) - (sumA * sumB).mul_(KeptScalar.Of(1.0 / Area));
            var damping = KeptScalar.Of(Damping);
            var hxx = Centred(gx, gx, sumX, sumX).add_(damping, KeptScalar.One);
            var hxy = Centred(gx, gy, sumX, sumY);
            var hyy = Centred(gy, gy, sumY, sumY).add_(damping, KeptScalar.One);
            var inverse = ((hxx * hyy) - (hxy * hxy)).reciprocal_();
            return new Patches(At(0), gx, gy, sumX, sumY, hyy * inverse, (hxy * inverse).neg_(), hxx * inverse);
        }

        public (Tensor X, Tensor Y) Solve(Tensor bx, Tensor by) => ((Xx * bx).Plus(Xy * by), (Xy * bx).Plus(Yy * by));
    }
}
