using Mofo.ML.Tests.Shared;

namespace Mofo.ML.Transforms.Tests;

public class GoldenPackTests
{
    [Fact]
    public void Npz_arrays_have_the_shape_they_declare()
    {
        using var npz = GoldenPack.Npz("pretrain/input.npz");
        var videos = npz["videos"];
        Assert.Equal(videos.Count, videos.ToSingles().Length);
        Assert.Equal(5, videos.Shape.Length);
    }
}
