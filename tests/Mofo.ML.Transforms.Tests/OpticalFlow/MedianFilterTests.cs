using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed unsafe class MedianFilterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(16, 9)]
    [InlineData(37, 21)]
    public void Gives_the_middle_of_25_at_every_vector_width(int width, int height)
    {
        var random = new Random((width * 100) + height);
        var values = Enumerable.Range(0, width * height).Select(_ => (float)Math.Round(random.NextDouble() * 40) - 20).ToArray();
        var expected = new float[width * height];
        for (var i = 0; i < expected.Length; i++)
        {
            var around = from dy in Enumerable.Range(-2, 5)
                         from dx in Enumerable.Range(-2, 5)
                         select values[(Math.Clamp((i / width) + dy, 0, height - 1) * width) + Math.Clamp((i % width) + dx, 0, width - 1)];
            expected[i] = around.Order().ElementAt(12);
        }

        Assert.Equal(expected, Filter<Lanes1>(values, width, height));
        Assert.Equal(expected, Filter<Lanes4>(values, width, height));
        Assert.Equal(expected, Filter<Lanes8>(values, width, height));
        Assert.Equal(expected, Filter<Lanes16>(values, width, height));
    }

    private static float[] Filter<TLanes>(float[] values, int width, int height)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var memory = new PlaneMemory(width, height, 2);
        Plane from = memory.View(0, width, height), to = memory.View(1, width, height);
        for (var i = 0; i < values.Length; i++)
        {
            from.Row(i / width)[i % width] = values[i];
        }

        new MedianFilter(width).Apply<TLanes>(from, to);
        var result = new float[values.Length];
        to.CopyTo(result);
        GC.KeepAlive(memory);
        return result;
    }
}
