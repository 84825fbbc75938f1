using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed unsafe class TvL1SolverTests
{
    private static readonly TvL1Weights Weights = new(0.045f, 0.3f, 0.25f / 0.3f);

    [Theory]
    [InlineData(16, 16)]
    [InlineData(33, 5)]
    [InlineData(47, 20)]
    [InlineData(1, 7)]
    public void Every_vector_width_gives_the_same_flow_bit_by_bit(int width, int height)
    {
        EveryWidthGivesTheSame<SemiImplicitStep>(width, height);
        EveryWidthGivesTheSame<ProjectedStep>(width, height);
    }

    [Fact]
    public void A_projected_dual_stays_in_the_unit_ball()
    {
        var planes = RandomPlanes(50, 30, out var memory);
        for (var i = 0; i < 20; i++)
        {
            TvL1Solver.Iterate<ProjectedStep>(planes, Weights);
        }

        var longest = 0.0;
        for (var i = 0; i < 50 * 30; i++)
        {
            float x = planes.DualXx.Row(i / 50)[i % 50], y = planes.DualXy.Row(i / 50)[i % 50];
            longest = Math.Max(longest, Math.Sqrt((x * x) + (y * y)));
        }

        Assert.InRange(longest, 0.99, 1.002);
        GC.KeepAlive(memory);
    }

    [Fact]
    public void Inverse_roots_are_wrong_by_a_fifth_of_a_percent_at_most()
    {
        for (var value = 1e-20f; value < 1e20f; value *= 1.07f)
        {
            var at = value;
            Lanes1.InverseSqrt(Lanes1.Load(&at)).Store(&at);
            Assert.Equal(1, at * Math.Sqrt(value), 0.002);
        }

        var zero = 0f;
        Lanes1.InverseSqrt(Lanes1.Load(&zero)).Store(&zero);
        Assert.True(float.IsFinite(zero) && zero > 1);
    }

    private static void EveryWidthGivesTheSame<TDual>(int width, int height)
        where TDual : struct, ITvL1DualStep
    {
        var scalar = Run<Lanes1, TDual>(width, height, out var change);
        foreach (var (flow, otherChange) in new[]
        {
            (Run<Lanes4, TDual>(width, height, out var four), four),
            (Run<Lanes8, TDual>(width, height, out var eight), eight),
            (Run<Lanes16, TDual>(width, height, out var sixteen), sixteen),
        })
        {
            Assert.Equal(scalar, flow);
            Assert.Equal(change, otherChange, change * 1e-4);
        }
    }

    [Fact]
    public void Fused_sweep_does_what_the_formulas_say_one_after_another()
    {
        const int Width = 21, Height = 14;
        var planes = RandomPlanes(Width, Height, out var memory);
        var twin = new TvL1Reference(planes, Weights);
        for (var i = 0; i < 10; i++)
        {
            var change = TvL1Solver.Iterate<SemiImplicitStep>(planes, Weights);
            var expected = twin.Iterate();
            Assert.Equal(expected, change, expected * 1e-3);
        }

        for (var i = 0; i < Width * Height; i++)
        {
            Assert.Equal(twin.X[i], planes.X.Row(i / Width)[i % Width], 1e-4);
            Assert.Equal(twin.Y[i], planes.Y.Row(i / Width)[i % Width], 1e-4);
        }

        GC.KeepAlive(memory);
    }

    private static float[] Run<TLanes, TDual>(int width, int height, out double change)
        where TLanes : unmanaged, ILanes<TLanes>
        where TDual : struct, ITvL1DualStep
    {
        var planes = RandomPlanes(width, height, out var memory);
        change = 0;
        for (var i = 0; i < 12; i++)
        {
            change = TvL1Solver.Iterate<TLanes, TDual>(planes, Weights);
        }

        var result = new float[width * height * 2];
        planes.X.CopyTo(result);
        planes.Y.CopyTo(result.AsSpan(width * height));
        GC.KeepAlive(memory);
        return result;
    }

    private static TvL1Planes RandomPlanes(int width, int height, out PlaneMemory memory)
    {
        var random = new Random(3);
        memory = new PlaneMemory(width, height, 10);
        var owner = memory;
        Plane New(int index) => owner.View(index, width, height);
        var planes = new TvL1Planes(New(0), New(1), New(2), New(3), New(4), New(5), New(6), New(7), New(8), New(9));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (gx, gy) = (random.Next(4) == 0 ? 0 : random.NextSingle() * 20 - 10, random.NextSingle() * 20 - 10);
                planes.GradientX.Row(y)[x] = gx;
                planes.GradientY.Row(y)[x] = gy;
                planes.InverseNorm.Row(y)[x] = 1 / (gx * gx + gy * gy);
                planes.Residual.Row(y)[x] = random.NextSingle() * 60 - 30;
                planes.X.Row(y)[x] = random.NextSingle() * 4 - 2;
                planes.Y.Row(y)[x] = random.NextSingle() * 4 - 2;
            }
        }

        return planes;
    }
}
