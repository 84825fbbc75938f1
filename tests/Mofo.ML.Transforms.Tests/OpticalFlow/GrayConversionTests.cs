using FsCheck.Xunit;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed class GrayConversionTests
{
    [Property]
    public void Weighs_channels_as_the_luma_formula_does(byte red, byte green, byte blue)
    {
        var gray = new byte[3];
        GrayConversion.Convert(new Frame(3, 1, [red, green, blue, red, green, blue, 0, 0, 0]), gray);
        Assert.InRange(gray[1], (0.299 * red) + (0.587 * green) + (0.114 * blue) - 0.51, (0.299 * red) + (0.587 * green) + (0.114 * blue) + 0.51);
        Assert.Equal([gray[1], 0], gray[1..]);
    }

    [Fact]
    public void Refuses_a_buffer_of_another_size() =>
        Assert.Throws<ArgumentException>(() => GrayConversion.Convert(new Frame(1, 1, [1, 2, 3]), new byte[2]));
}
