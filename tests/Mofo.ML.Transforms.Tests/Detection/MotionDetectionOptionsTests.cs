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
    public void A_preset_is_a_new_object_every_time()
    {
        MotionDetectionOptions.SomethingSomething.Window = 3;
        Assert.Equal(8, MotionDetectionOptions.SomethingSomething.Window);
    }
}
