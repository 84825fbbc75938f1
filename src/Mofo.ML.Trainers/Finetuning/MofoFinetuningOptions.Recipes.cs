using Mofo.ML.Research;

namespace Mofo.ML.Trainers;

/// <summary>Recipes: new options that fit how much there is to learn from. What they reach: docs/recipes.md.</summary>
public sealed partial class MofoFinetuningOptions
{
    /// <summary>Clips that a small network sees in finetuning, repeats included: enough for all sets of docs/recipes.md to leave the plateau.</summary>
    private const int ClipsToSee = 36_000;

    /// <summary>Below this many labelled clips, layers near the input learn more slowly.</summary>
    private const int FewClips = 500;

    /// <summary>Options for a number of labelled clips: a network and a recipe that learn from them.</summary>
    /// <param name="clips">Labelled training clips; at least 1. What fits is a matter of dozens, hundreds or thousands: an estimate does.</param>
    /// <param name="pretrained">Whether training starts from weights: a <see cref="MofoPretrainer"/> upstream, or <see cref="MofoTrainingOptions.InitialWeights"/>.</param>
    /// <param name="model">The network, that of the weights where there are any; null for <see cref="VitConfig.SuitedTo(int)"/>.</param>
    /// <returns>Options to use as they are or to change.</returns>
    /// <remarks>
    /// <para>
    /// For networks narrower than 384 (<see cref="VitConfig.Micro"/>, <see cref="VitConfig.Tiny"/>) the values are ours, measured with <see cref="VitConfig.Micro"/> in docs/recipes.md: long training on few clips, an effective rate of
    /// 5e-4 at batch 16, the start of <see cref="WeightStart.Mimetic"/>, no mixing of clips, crops of 0.7 and more; the wider of them with light RandAugment and drop path.
    /// </para>
    /// <para>
    /// Where there are no weights at all, <see cref="VitConfig.Micro"/> starts from <see cref="PretrainedWeights.Micro"/>; set <see cref="UseBuiltInWeights"/> to false to start from nothing.
    /// </para>
    /// <para>
    /// For wider ones they are the published ones (<see cref="SomethingSomethingV2"/>): those need pretrained weights, or a hundred thousand clips. Without either the trainer warns.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clips"/> is below 1.</exception>
    public static MofoFinetuningOptions For(int clips, bool pretrained = false, VitConfig? model = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        var network = model ?? VitConfig.SuitedTo(clips);
        return network.IsNarrow ? Small(clips, pretrained, network) : new() { Model = network };
    }

    private static MofoFinetuningOptions Small(int clips, bool pretrained, VitConfig network)
    {
        var deep = network.Depth > 8;
        var epochs = Math.Clamp(ClipsToSee / clips, 20, 400);
        return new()
        {
            Model = network,
            Epochs = epochs,
            WarmupEpochs = epochs * 0.05,
            BatchSize = 16,
            ClipsPerVideo = 1,
            // 5e-4 in force. By the square root, so that another batch size does not lead back to the plateau.
            LearningRateScaling = LearningRateScaling.SquareRoot,
            BaseLearningRate = 2e-3,
            MinLearningRate = 2.5e-5,
            GradientClip = 1,
            // Blocks near the input change less where labels are few: this keeps what pretraining learned, and helps networks that start from nothing as well.
            LayerDecay = clips < FewClips ? 0.75 : 1,
            UseBuiltInWeights = true,
            WeightStart = pretrained ? WeightStart.Xavier : WeightStart.Mimetic,
            DropPath = deep ? 0.1 : 0,
            MinCropArea = 0.7,
            RandAugment = deep ? "rand-m5-n2-mstd0.5-inc1" : null,
            RandomErasing = 0,
            MixupAlpha = 0,
            CutmixAlpha = 0,
            TestSegments = 2,
            TestCrops = 1,
            ClipMemory = 2000,
            Workers = 0,
        };
    }
}
