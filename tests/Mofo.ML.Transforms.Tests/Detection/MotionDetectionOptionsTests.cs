using System.Text.Json;
using Mofo.ML.Research;

namespace Mofo.ML.Transforms.Tests.Detection;

public class MotionDetectionOptionsTests
{
    [Fact]
    public void The_defaults_and_both_presets_are_valid()
    {
        new MotionDetectionOptions().Validate();
        MotionDetectionOptions.SomethingSomething.Validate();
        MotionDetectionOptions.EpicKitchens.Validate();
        Assert.Equal(BoxRules.EpicKitchens, MotionDetectionOptions.EpicKitchens.Rules);
    }

    [Fact]
    public void All_wrong_values_are_named_in_one_exception()
    {
        var options = new MotionDetectionOptions { Window = 0, PeakCut = double.NaN, FlowShortSide = 20, Flow = (OpticalFlowAlgorithm)9, CacheFolder = " " };
        var error = Assert.Throws<MofoOptionsException>(options.Validate);
        Assert.Equal(
            """
            MotionDetectionOptions cannot be used: Flow is 9; it must be one of Farneback, TvL1, Dis. FlowShortSide is 20; it must be 0 or in [48, 4320]. Window is 0; it must be in [1, 64]. PeakCut is NaN; it must be in [0, 1]. CacheFolder is blank; it must be null or the path of a folder.
            """,
            error.Message);
        Assert.Equal(5, error.Problems.Count);
    }

    [Fact]
    public void The_presets_are_the_releases_settings()
    {
        // golden/README part G: TV-L1 with OpenCV's defaults, bound 20 in 8 bits, window 8, full size; EPIC differs in its clean-up rules alone.
        foreach (var (preset, rules) in new[] { (MotionDetectionOptions.SomethingSomething, BoxRules.SomethingSomething), (MotionDetectionOptions.EpicKitchens, BoxRules.EpicKitchens) })
        {
            Assert.Equal(
                (OpticalFlowAlgorithm.TvL1, new TvL1Parameters(), true, 8, 0, true, BoxMode.Union, rules),
                (preset.Flow, preset.TvL1, preset.Quantize, preset.Window, preset.FlowShortSide, preset.ReleaseCompatible, preset.BoxMode, preset.Rules));
        }

        Assert.Equal(
            """{"Tau":0.25,"Lambda":0.15,"Theta":0.3,"Scales":5,"ScaleStep":0.8,"Warps":5,"Epsilon":0.01,"InnerIterations":30,"OuterIterations":10,"MedianFilter":true}""",
            JsonSerializer.Serialize(new TvL1Parameters()));
    }

    [Fact]
    public void Wrong_settings_of_the_flow_are_named_with_the_others()
    {
        var error = Assert.Throws<MofoOptionsException>(new MotionDetectionOptions { TvL1 = new TvL1Parameters { Warps = 0 }, Window = 0 }.Validate);
        Assert.Equal(["Warps is 0; it must be in [1, 100].", "Window is 0; it must be in [1, 64]."], error.Problems);
        Assert.Throws<MofoOptionsException>(new MotionDetectionOptions { TvL1 = null! }.Validate);
    }

    [Fact]
    public void A_preset_is_a_new_object_every_time()
    {
        MotionDetectionOptions.SomethingSomething.Window = 3;
        Assert.Equal(8, MotionDetectionOptions.SomethingSomething.Window);
    }
}
