using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>The direct copy of tubelets against torch's indexing.</summary>
public sealed class TubeletCopyTests
{
    [Property(MaxTest = 60)]
    public void The_copy_is_what_indexing_gives(PositiveInt frames, PositiveInt rows, PositiveInt columns, PositiveInt patch, bool someTokens, bool channelLast)
    {
        using var scope = NewDisposeScope();
        var (slices, height, width) = (1 + (frames.Get % 4), 1 + (rows.Get % 4), 1 + (columns.Get % 4));
        var config = new VitConfig { PatchSize = 1 + (patch.Get % 9), TubeletSize = 1 + (frames.Get % 3) };
        var pixels = randn([2, 3, slices * config.TubeletSize, height * config.PatchSize, width * config.PatchSize], generator: new Generator(1));
        var tokens = someTokens ? randint(0, slices * height * width, [2, 5], ScalarType.Int64, generator: new Generator(2)) : null;
        var order = channelLast ? TubeletOrder.ChannelLast : TubeletOrder.ChannelFirst;
        var columnsFirst = pixels.transpose(3, 4).contiguous().transpose(3, 4); // the same values, which the copy does not take

        var indexed = Tubelets.Cut(columnsFirst, config, tokens, order);

        Assert.True(TubeletCopy.Fits(pixels));
        Assert.Equal(indexed.shape, TubeletCopy.Cut(pixels, config, tokens, order).shape);
        Assert.True(indexed.equal(TubeletCopy.Cut(pixels, config, tokens, order)).all().ToBoolean());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    public void A_token_that_a_clip_does_not_have_is_refused(long token)
    {
        using var scope = NewDisposeScope();
        var config = new VitConfig { PatchSize = 4, TubeletSize = 2 };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TubeletCopy.Cut(zeros([1, 3, 4, 8, 8]), config, tensor(new[] { token }, [1, 1]), TubeletOrder.ChannelFirst));
        Assert.Contains("tokens 0 to 7", error.Message, StringComparison.Ordinal);
    }
}
