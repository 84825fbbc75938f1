using FsCheck.Xunit;
using Mofo.ML.Cli.Options;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Tests;

/// <summary>Values of options as text: what is written reads back as the same value, under a culture with a decimal comma.</summary>
public sealed class OptionValueTests
{
    [Property]
    public bool Numbers_read_back_to_the_bit(double value) =>
        double.IsNaN(value) || value.Equals(OptionText.Parse(typeof(double), false, OptionText.Format(value), () => null));

    [Property]
    public bool Whole_numbers_read_back(int value) => value.Equals(OptionText.Parse(typeof(int?), true, OptionText.Format(value), () => null));

    [Fact]
    public void None_is_a_value_of_what_may_be_absent_alone()
    {
        Assert.Null(OptionText.Parse(typeof(double?), true, "none", () => 1.0));
        Assert.Throws<FormatException>(() => OptionText.Parse(typeof(double), false, "none", () => 1.0));
    }

    [Fact]
    public void A_network_is_a_preset_with_changes_and_reads_back_as_a_whole()
    {
        var model = (VitConfig)OptionText.Parse(typeof(VitConfig), false, "micro,frames=4,image-size=32,position-frames=8", () => VitConfig.Base)!;
        Assert.Equal(VitConfig.Micro with { Frames = 4, ImageSize = 32, PositionFrames = 8 }, model);
        Assert.Equal(model, OptionText.Parse(typeof(VitConfig), false, OptionText.Format(model), () => VitConfig.Huge));
        Assert.Contains("'frame' is none of its settings", Assert.Throws<FormatException>(() => OptionText.Parse(typeof(VitConfig), false, "frame=4", () => VitConfig.Base)).Message);
    }

    [Fact]
    public void Parts_of_settings_that_are_not_named_stay_as_they_are()
    {
        var limits = (VideoLimits)OptionText.Parse(typeof(VideoLimits), false, "max-frames=9", () => new VideoLimits { MaxWaitSeconds = 2.5 })!;
        Assert.Equal((9, 2.5), (limits.MaxFrames, limits.MaxWaitSeconds));
    }

    [Theory]
    [InlineData("BaseLearningRate", "--base-learning-rate")]
    [InlineData("TvL1", "--tv-l1")]
    [InlineData("OnBadVideo", "--on-bad-video")]
    [InlineData("Flow", "--flow")]
    public void Names_are_those_of_the_properties(string property, string option) => Assert.Equal(option, OptionNames.Of(property));
}
