using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed unsafe class ValueWarpTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(33, 18)]
    public void Samples_by_the_cubic_formula_and_takes_differences_of_what_it_sampled(int width, int height)
    {
        var random = new Random(width);
        float[] second = Values(random, width * height, 255), first = Values(random, width * height, 255);
        float[] flowX = Values(random, width * height, 3), flowY = Values(random, width * height, 3);
        var planes = Warp(width, height, first, second, flowX, flowY, out var memory);
        var warped = Enumerable.Range(0, width * height).Select(i => Cubic(second, width, height, (i % width) + flowX[i], (i / width) + flowY[i])).ToArray();
        for (var i = 0; i < warped.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            double At(int column, int row) => warped[(Math.Clamp(row, 0, height - 1) * width) + Math.Clamp(column, 0, width - 1)];
            var inside = Math.Clamp(Math.Min(Math.Min(x + flowX[i] + 1, width - x - flowX[i]), Math.Min(y + flowY[i] + 1, height - y - flowY[i])), 0, 1);
            var (gx, gy) = (inside * 0.5 * (At(x + 1, y) - At(x - 1, y)), inside * 0.5 * (At(x, y + 1) - At(x, y - 1)));
            Assert.Equal(gx, planes.GradientX.Row(y)[x], 0.02);
            Assert.Equal(gy, planes.GradientY.Row(y)[x], 0.02);
            Assert.Equal(warped[i] - first[i] - (gx * flowX[i]) - (gy * flowY[i]), planes.Residual.Row(y)[x], 0.2);
        }

        GC.KeepAlive(memory);
    }

    [Fact]
    public void Places_outside_the_picture_have_no_data_term()
    {
        const int Width = 40, Height = 30;
        var random = new Random(5);
        var flowX = new float[Width * Height];
        var flowY = new float[Width * Height];
        Array.Fill(flowX, 6.5f);
        Array.Fill(flowY, -4);
        var planes = Warp(Width, Height, Values(random, Width * Height, 255), Values(random, Width * Height, 255), flowX, flowY, out var memory);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var outside = x + 6.5f >= Width || y - 4 <= -1;
                Assert.True(float.IsFinite(planes.InverseNorm.Row(y)[x]));
                Assert.Equal(outside, planes.GradientX.Row(y)[x] == 0 && planes.GradientY.Row(y)[x] == 0);
            }
        }

        GC.KeepAlive(memory);
    }

    private static TvL1Planes Warp(int width, int height, float[] first, float[] second, float[] flowX, float[] flowY, out PlaneMemory memory)
    {
        memory = new PlaneMemory(width, height, 12);
        var owner = memory;
        Plane New(int index) => owner.View(index, width, height);
        var planes = new TvL1Planes(New(0), New(1), New(2), New(3), New(4), New(5), New(6), New(7), New(8), New(9));
        Fill(planes.X, flowX);
        Fill(planes.Y, flowY);
        Fill(New(10), first);
        Fill(New(11), second);
        var warp = new ValueWarp(width, height);
        warp.SetPicture(New(11));
        warp.Warp(New(10), planes);
        return planes;
    }

    private static void Fill(Plane plane, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            plane.Row(i / plane.Width)[i % plane.Width] = values[i];
        }
    }

    private static float[] Values(Random random, int count, float most) => [.. Enumerable.Range(0, count).Select(_ => most * ((most < 10 ? 2 * random.NextSingle() : random.NextSingle()) - (most < 10 ? 1 : 0)))];

    private static double Cubic(float[] picture, int width, int height, double x, double y)
    {
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var sum = 0.0;
        for (var row = -1; row <= 2; row++)
        {
            for (var column = -1; column <= 2; column++)
            {
                var value = picture[(Math.Clamp((int)top + row, 0, height - 1) * width) + Math.Clamp((int)left + column, 0, width - 1)];
                sum += Weight(x - left - column) * Weight(y - top - row) * value;
            }
        }

        return sum;
    }

    /// <summary>Keys 1981, equation 4, a = -0.5.</summary>
    private static double Weight(double distance)
    {
        var s = Math.Abs(distance);
        return s < 1 ? (1.5 * s * s * s) - (2.5 * s * s) + 1 : s < 2 ? (-0.5 * s * s * s) + (2.5 * s * s) - (4 * s) + 2 : 0;
    }
}
