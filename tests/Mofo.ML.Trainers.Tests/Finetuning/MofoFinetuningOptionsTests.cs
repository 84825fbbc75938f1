using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class MofoFinetuningOptionsTests
{
    [Fact]
    public void Something_Something_holds_the_published_command_and_no_flip()
    {
        var preset = MofoFinetuningOptions.SomethingSomethingV2;
        Assert.False(preset.HorizontalFlip);
        Assert.Equal((50, 5e-4, 1e-6, 0.05), (preset.Epochs, preset.BaseLearningRate, preset.MinLearningRate, preset.WeightDecay));
        Assert.Equal((0.75, 0.1, 0.1), (preset.LayerDecay, preset.DropPath, preset.LabelSmoothing));
        Assert.Equal(("rand-m7-n4-mstd0.5-inc1", 0.25, 0.08), (preset.RandAugment, preset.RandomErasing, preset.MinCropArea));
        Assert.Equal((0, 0), (preset.ColorJitter, preset.GrayProbability));
        Assert.Equal((0.8, 1.0, 1.0, 0.5), (preset.MixupAlpha, preset.CutmixAlpha, preset.MixProbability, preset.CutmixShare));
        Assert.Equal((ClipSampling.Uniform, 2, 3, 1), (preset.Sampling, preset.TestSegments, preset.TestCrops, preset.ClipsPerVideo));
        Assert.Equal((SegmentFrame.Anywhere, LearningRateScaling.Linear), (preset.SegmentFrame, preset.LearningRateScaling));
        Assert.Equal(MotionFusion.MultiHeadCrossAttention, preset.Fusion);
    }

    [Fact]
    public void The_other_presets_differ_where_their_data_do()
    {
        var epic = MofoFinetuningOptions.EpicKitchens100;
        Assert.Equal((true, ClipSampling.Uniform, 1, 1), (epic.HorizontalFlip, epic.Sampling, epic.TestSegments, epic.TestCrops));
        Assert.Equal((100, SegmentFrame.AroundMiddle), (epic.Epochs, epic.SegmentFrame));
        var kinetics = MofoFinetuningOptions.Kinetics400;
        Assert.Equal((true, ClipSampling.Dense, 4, 100, 1e-3, 5, 3), (kinetics.HorizontalFlip, kinetics.Sampling, kinetics.FrameStride, kinetics.Epochs, kinetics.BaseLearningRate, kinetics.TestSegments, kinetics.TestCrops));
        var ucf = MofoFinetuningOptions.Ucf101;
        Assert.Equal((true, ClipSampling.Dense, 4, 100, 0.7, 0.2, 5e-4), (ucf.HorizontalFlip, ucf.Sampling, ucf.FrameStride, ucf.Epochs, ucf.LayerDecay, ucf.DropPath, ucf.BaseLearningRate));
        Assert.Equal((2, true), (ucf.ClipsPerVideo, ucf.ClipsShareFrames));
        Assert.Equal((0.5, 1e-5, 5, 3), (ucf.HeadDropout, ucf.MinLearningRate, ucf.TestSegments, ucf.TestCrops));
        var small = MofoFinetuningOptions.SmallDataset;
        Assert.Equal((false, VitConfig.Micro, 360, WeightStart.Mimetic), (small.HorizontalFlip, small.Model, small.Epochs, small.WeightStart));
    }

    [Fact]
    public void Validation_takes_one_view_unless_it_is_asked_for_all()
    {
        var options = new MofoFinetuningOptions();
        Assert.Equal((6, 1), (options.Views.Count, options.ValidationViews.Count));
        options.ValidateOnTestViews = true;
        Assert.Equal(options.Views, options.ValidationViews);
    }

    [Fact]
    public void Every_preset_is_valid_and_new_each_time()
    {
        foreach (var property in typeof(MofoFinetuningOptions).GetProperties().Where(p => p.PropertyType == typeof(MofoFinetuningOptions)))
        {
            var preset = (MofoFinetuningOptions)property.GetValue(null)!;
            preset.Validate();
            Assert.NotSame(preset, property.GetValue(null));
        }
    }

    public static TheoryData<Action<MofoFinetuningOptions>, string> Wrong => new()
    {
        { o => o.RandAugment = "rand-m70", "RandAugment" },
        { o => o.RandomErasing = 1.5, "RandomErasing is 1.5" },
        { o => o.ColorJitter = 1.5, "ColorJitter is 1.5" },
        { o => o.ColorJitter = double.NaN, "ColorJitter is NaN" },
        { o => o.GrayProbability = -0.1, "GrayProbability is -0.1" },
        { o => o.HeadDropout = 1, "HeadDropout is 1" },
        { o => o.MixupAlpha = -1, "MixupAlpha is -1" },
        { o => o.CutmixAlpha = double.NaN, "CutmixAlpha is NaN" },
        { o => o.MixProbability = 2, "MixProbability is 2" },
        { o => o.CutmixShare = -0.1, "CutmixShare is -0.1" },
        { o => o.AverageDecay = 1, "AverageDecay is 1" },
        { o => o.FrozenBlocks = 13, "FrozenBlocks is 13" },
        { o => o.Frozen = (FrozenLayers)9, "Frozen is 9" },
        { o => o.ValidationFraction = 0.95, "ValidationFraction is 0.95" },
        { o => (o.ValidationFraction, o.ValidationSet) = (0.1, new MLContext().Data.LoadFromEnumerable(new[] { new { A = 1 } })), "only one of them" },
        { o => o.Patience = 3, "neither a ValidationSet nor a ValidationFraction" },
        { o => (o.ValidationFraction, o.Patience) = (0.1, -1), "Patience is -1" },
        { o => o.StopOn = (StoppingFigure)7, "StopOn is 7" },
        { o => o.SegmentFrame = (SegmentFrame)5, "SegmentFrame is 5" },
        { o => o.LearningRateScaling = (LearningRateScaling)2, "LearningRateScaling is 2" },
        { o => o.ValidationMemory = -1, "ValidationMemory is -1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_range_is_named(Action<MofoFinetuningOptions> change, string message)
    {
        var options = new MofoFinetuningOptions();
        change(options);
        Assert.Contains(message, Assert.Throws<MofoOptionsException>(options.Validate).Message);
    }
}
