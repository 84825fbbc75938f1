using FsCheck.Xunit;
using Mofo.ML.Transforms.MotionMaps;
using Xunit;

namespace Mofo.ML.Transforms.Tests.MotionMaps;

public sealed class OrderStatisticTests
{
    [Property(MaxTest = 500)]
    public void The_value_at_a_place_is_the_one_that_sorting_puts_there(short[] values, ushort place)
    {
        // Whole numbers over a small range, so that equal values are common.
        float[] mixed = [.. (values is { Length: > 0 } ? values : [3]).Select(value => (float)(value % 50))];
        var wanted = place % mixed.Length;
        float[] sorted = [.. mixed.Order()];

        var found = OrderStatistic.Select(mixed, wanted);

        Assert.Equal(sorted[wanted], found);
        Assert.Equal(sorted, mixed.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Every_place_of_ascending_descending_and_equal_values_is_found(int count)
    {
        float[] ascending = [.. Enumerable.Range(0, count).Select(i => (float)i)];
        for (var place = 0; place < count; place += Math.Max(1, count / 7))
        {
            Assert.Equal(place, OrderStatistic.Select([.. ascending], place));
            Assert.Equal(place, OrderStatistic.Select([.. ascending.Reverse()], place));
            Assert.Equal(7, OrderStatistic.Select(Enumerable.Repeat(7f, count).ToArray(), place));
        }
    }
}
