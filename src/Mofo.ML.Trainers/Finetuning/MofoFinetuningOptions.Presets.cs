using Mofo.ML.Research;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Presets: new options with the settings of the published commands for a data set, for ViT-B. Sources, and what is not published: docs/finetuning.md.</summary>
public sealed partial class MofoFinetuningOptions
{
    /// <summary>Something-Something v2: the defaults. No flip, because left and right make the class; one frame from each of 16 segments; 2 x 3 test views.</summary>
    public static MofoFinetuningOptions SomethingSomethingV2 => new();

    /// <summary>EPIC-KITCHENS-100: 100 epochs, flip, frames around the middles of 16 segments, one test view of those middles, otherwise as Something-Something v2.</summary>
    public static MofoFinetuningOptions EpicKitchens100 => new()
    {
        Epochs = 100,
        SegmentFrame = SegmentFrame.AroundMiddle,
        HorizontalFlip = true,
        TestSegments = 1,
        TestCrops = 1,
    };

    /// <summary>Kinetics-400: dense clips of stride 4, flip, 100 epochs at 1e-3, 5 x 3 test views.</summary>
    public static MofoFinetuningOptions Kinetics400 => new()
    {
        Sampling = ClipSampling.Dense,
        FrameStride = 4,
        HorizontalFlip = true,
        Epochs = 100,
        BaseLearningRate = 1e-3,
        TestSegments = 5,
        TestCrops = 3,
    };

    /// <summary>UCF101: dense clips of stride 4, two of the same frames per video, flip, 100 epochs down to 1e-5, layer decay 0.7, drop path 0.2, dropout 0.5 before the head, 5 x 3 test views.</summary>
    public static MofoFinetuningOptions Ucf101 => new()
    {
        Sampling = ClipSampling.Dense,
        FrameStride = 4,
        HorizontalFlip = true,
        ClipsPerVideo = 2,
        ClipsShareFrames = true,
        Epochs = 100,
        MinLearningRate = 1e-5,
        LayerDecay = 0.7,
        DropPath = 0.2,
        HeadDropout = 0.5,
        TestSegments = 5,
        TestCrops = 3,
    };

    /// <summary>Some dozens to some hundred clips: <see cref="For(int, bool, VitConfig?)"/> with the small network <see cref="VitConfig.Micro"/>, from the weights that come with the library.</summary>
    /// <remarks>Ours, no publication's (docs/recipes.md). Left and right are kept, as nothing is known of the classes. Do not change the network alone: call <c>For</c> with it.</remarks>
    public static MofoFinetuningOptions SmallDataset => For(clips: 100);
}
