using FsCheck.Xunit;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

public sealed class NaturalOrderTests
{
    [Fact]
    public void Compares_numbers_as_numbers() =>
        Assert.Equal(["a", "a1b", "a2", "a02x", "a10", "b1"], new[] { "b1", "a10", "a02x", "a1b", "a2", "a" }.Order(NaturalOrder.Instance));

    [Property]
    public bool Is_a_strict_total_order(string? x, string? y, string? z)
    {
        var order = NaturalOrder.Instance;
        var transitive = order.Compare(x, y) > 0 || order.Compare(y, z) > 0 || order.Compare(x, z) <= 0;
        return transitive && Math.Sign(order.Compare(x, y)) == -Math.Sign(order.Compare(y, x)) && (order.Compare(x, y) == 0) == ((x ?? "") == (y ?? ""));
    }
}
