using System.Text.Json.Serialization;
using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers;

/// <summary>Settings of motion-aware finetuning.</summary>
/// <remarks>
/// Defaults from VideoMAE's finetuning command for Something-Something v2 (ViT-B, weights of 800 epochs): 50 epochs, lr 5e-4 per 256 videos, layer decay 0.75, drop path 0.1,
/// RandAugment, mixup and cutmix, erasing. They are for pretrained weights and tens of thousands of clips; for fewer see <see cref="For(int, bool, VitConfig?)"/>, for other data sets the
/// presets; what each holds, and from where: docs/finetuning.md.
/// </remarks>
public sealed partial class MofoFinetuningOptions : MofoTrainingOptions
{
    /// <summary>Makes options with the paper's defaults.</summary>
    public MofoFinetuningOptions()
    {
        Epochs = 50;
        BaseLearningRate = 5e-4;
        MinLearningRate = 1e-6;
    }

    /// <summary>How tokens inside and outside the motion box are joined.</summary>
    /// <value>Default <see cref="MotionFusion.MultiHeadCrossAttention"/> (MOFO, section 3.3).</value>
    public MotionFusion Fusion { get; set; } = MotionFusion.MultiHeadCrossAttention;

    /// <summary>Whether <see cref="MotionFusion.SoftAttention"/> computes as the released code does: plain means inside and outside, whatever its scores.</summary>
    /// <value>Default false: it attends. True suits weights that the released code trained; the scores then never learn (docs/model-quirks.md).</value>
    public bool ReleasedSoftAttention { get; set; }

    /// <summary>Whether training starts from the pretrained stage upstream where there is one and <see cref="MofoTrainingOptions.InitialWeights"/> names no file.</summary>
    /// <value>Default true. Too short a pretraining can be a worse start than random weights; then false.</value>
    public bool UsePretrained { get; set; } = true;

    /// <summary>Whether training starts from <see cref="PretrainedWeights"/>, where it has no other weights to start from and the network is one that they fit.</summary>
    /// <value>Default false: random weights. <see cref="For(int, bool, VitConfig?)"/> sets it; false then starts from nothing.</value>
    public bool UseBuiltInWeights { get; set; }

    /// <summary>How weights are drawn that come from no file and no pretrained stage.</summary>
    /// <value>Default <see cref="Research.WeightStart.TruncatedNormal"/>, as the original's classifiers; <see cref="Research.WeightStart.Xavier"/> for networks much narrower than 384.</value>
    public WeightStart WeightStart { get; set; } = WeightStart.TruncatedNormal;

    /// <summary>How clips are cut from videos.</summary>
    /// <value>Default <see cref="ClipSampling.Uniform"/>.</value>
    public ClipSampling Sampling { get; set; } = ClipSampling.Uniform;

    /// <summary>Which frame of each segment a training clip takes, with <see cref="ClipSampling.Uniform"/>; scoring takes fixed frames.</summary>
    /// <value>Default <see cref="SegmentFrame.Anywhere"/>.</value>
    public SegmentFrame SegmentFrame { get; set; } = SegmentFrame.Anywhere;

    /// <summary>Learning rate of a block over that of the block above it.</summary>
    /// <value>Default 0.75; in (0, 1]. 1 trains all layers alike, as suits training from scratch.</value>
    public double LayerDecay { get; set; } = 0.75;

    /// <summary>Chance to drop a residual branch, in the last block; grows linearly from 0 in the first.</summary>
    /// <value>Default 0.1; in [0, 0.9].</value>
    public double DropPath { get; set; } = 0.1;

    /// <summary>Chance to drop a value of the vector that the head sees.</summary>
    /// <value>Default 0; in [0, 0.9]. VideoMAE's UCF101 recipe has 0.5.</value>
    public double HeadDropout { get; set; }

    /// <summary>Share of the target spread over all classes.</summary>
    /// <value>Default 0.1; in [0, 0.9].</value>
    public double LabelSmoothing { get; set; } = 0.1;

    /// <summary>Smallest share of a frame's area that a random crop keeps.</summary>
    /// <value>Default 0.08 (VideoMAE); in (0, 1]. Small data sets and small pictures need more, up to 1.</value>
    public double MinCropArea { get; set; } = 0.08;

    /// <summary>RandAugment policy in timm's notation: <c>m</c> strength, <c>n</c> operations, <c>mstd</c> spread, <c>inc1</c> stronger with m.</summary>
    /// <value>Default <c>rand-m7-n4-mstd0.5-inc1</c> (MOFO); null for none. Boxes follow its geometric operations.</value>
    public string? RandAugment { get; set; } = "rand-m7-n4-mstd0.5-inc1";

    /// <summary>Strength of colour jitter: brightness, contrast and saturation are each changed by a random factor in [1 - strength, 1 + strength], the same for all frames of a clip.</summary>
    /// <value>Default 0: none, as the original, whose RandAugment has colour operations of its own. In [0, 1]; 0.4 is usual (timm). Boxes stay.</value>
    public double ColorJitter { get; set; }

    /// <summary>Chance that a clip loses its colour, in all its frames.</summary>
    /// <value>Default 0; in [0, 1]. 0.2 is usual (SimCLR, arXiv 2002.05709, appendix A). Boxes stay.</value>
    public double GrayProbability { get; set; }

    /// <summary>Chance that a rectangle of a clip becomes noise, the same in all its frames.</summary>
    /// <value>Default 0.25; in [0, 1].</value>
    public double RandomErasing { get; set; } = 0.25;

    /// <summary>Alpha of mixup's Beta distribution: two clips of a batch are blended, with their labels and boxes.</summary>
    /// <value>Default 0.8; in [0, 10], 0 for none. The box becomes the one round both clips' boxes; a clip with less than a quarter of the blend brings none.</value>
    public double MixupAlpha { get; set; } = 0.8;

    /// <summary>Alpha of cutmix's Beta distribution: a rectangle of one clip is pasted into another, with its share of label and box.</summary>
    /// <value>Default 1; in [0, 10], 0 for none. The box becomes the one round what is left of the clip's own box and what was pasted of the other's.</value>
    public double CutmixAlpha { get; set; } = 1;

    /// <summary>Chance that a batch is mixed at all.</summary>
    /// <value>Default 1; in [0, 1].</value>
    public double MixProbability { get; set; } = 1;

    /// <summary>Chance of cutmix rather than mixup, where both are on.</summary>
    /// <value>Default 0.5; in [0, 1].</value>
    public double CutmixShare { get; set; } = 0.5;

    /// <summary>Memory of a moving average of the weights, per step; the averages are what is validated and kept.</summary>
    /// <value>
    /// Default null: no averaging. In [0, 1); with few steps 0.99, with many 0.9999. It warms up: at step t the memory is at most (1 + t) / (10 + t), so that a short
    /// run does not keep its random start.
    /// </value>
    public double? AverageDecay { get; set; }

    /// <summary>Layers that do not learn.</summary>
    /// <value>Default <see cref="FrozenLayers.None"/>.</value>
    public FrozenLayers Frozen { get; set; } = FrozenLayers.None;

    /// <summary>Blocks that do not learn, counted from the first, with <see cref="FrozenLayers.FirstBlocks"/>.</summary>
    /// <value>Default 0: then the embedding alone; in [0, <c>Model.Depth</c>].</value>
    public int FrozenBlocks { get; set; }

    /// <summary>Checks the model on these rows after every epoch and keeps the best weights; the same columns as the training view.</summary>
    /// <value>Default null: <see cref="ValidationFraction"/> decides.</value>
    [JsonIgnore]
    public IDataView? ValidationSet { get; set; }

    /// <summary>Share of the training rows of every class that is held back for validation, drawn from the seed.</summary>
    /// <value>
    /// Default 0: none, the weights of the last epoch are kept. In [0, 0.9]. Above 0 at least one row of every class is held back that has two or more, and one stays to learn from. Clips of one scene may fall on both sides; where that matters, give a
    /// <see cref="ValidationSet"/> of other scenes.
    /// </value>
    public double ValidationFraction { get; set; }

    /// <summary>Whether validation takes all test views (<see cref="TestSegments"/> x <see cref="TestCrops"/>) of a video, as scoring does.</summary>
    /// <value>Default false: one view, the middle clip and the middle crop, which costs a sixth of the usual 2 x 3.</value>
    public bool ValidateOnTestViews { get; set; }

    /// <summary>Memory for the views of the validation rows, so that they are decoded once and not after every epoch.</summary>
    /// <value>
    /// Default 1024 MiB: 445 views of 16 frames of 224 pixels, 1,783 of 112 pixels; in [0, 1048576]. It grows only as far as there are views; those that do not fit are
    /// decoded each time. It changes no pixel.
    /// </value>
    public int ValidationMemory { get; set; } = 1024;

    /// <summary>The figure of the validation rows that says which epoch was best.</summary>
    /// <value>Default <see cref="StoppingFigure.Accuracy"/>.</value>
    public StoppingFigure StopOn { get; set; } = StoppingFigure.Accuracy;

    /// <summary>Epochs without a better figure that are tolerated; the next one ends training.</summary>
    /// <value>Default null: training never ends early. At least 0; needs validation rows.</value>
    public int? Patience { get; set; }

    /// <summary>Clips per video when scoring, spread over time.</summary>
    /// <value>Default 2; in [1, 64].</value>
    public int TestSegments { get; set; } = 2;

    /// <summary>Crops per clip when scoring, spread along the long side.</summary>
    /// <value>Default 3; in [1, 16].</value>
    public int TestCrops { get; set; } = 3;

    internal override bool CutsOnDevice => RandAugment is null;

    /// <summary>The test views that these options ask for.</summary>
    internal ScoringViews Views => new(Model.Frames, Model.ImageSize, Sampling, FrameStride, TestSegments, TestCrops);

    /// <summary>The views that validation takes.</summary>
    internal ScoringViews ValidationViews => ValidateOnTestViews ? Views : Views with { Segments = 1, Crops = 1 };

    /// <inheritdoc/>
    [JsonIgnore]
    internal override IReadOnlyCollection<string> WithoutEffect => [.. base.WithoutEffect, nameof(ValidationMemory)];

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = Problems();
        problems.Require(
            Patience is null || ValidationSet is not null || ValidationFraction > 0, Invariant($"{nameof(Patience)} is {Patience}, but there is neither a {nameof(ValidationSet)} nor a {nameof(ValidationFraction)} to judge by."));
        problems.ThrowIfAny();
    }

    /// <summary>The checks of options that come with a saved model, which does not carry the validation set.</summary>
    internal void ValidateSaved() => Problems().ThrowIfAny();

    private OptionProblems Problems()
    {
        var problems = new OptionProblems(nameof(MofoFinetuningOptions));
        AddProblems(problems);
        problems.Defined(Fusion);
        problems.Defined(Sampling);
        problems.Defined(SegmentFrame);
        problems.Defined(WeightStart);
        problems.Require(LayerDecay is > 0 and <= 1, Invariant($"{nameof(LayerDecay)} is {LayerDecay}; it must be above 0 and at most 1."));
        problems.InRange(DropPath, 0, 0.9);
        problems.InRange(HeadDropout, 0, 0.9);
        problems.InRange(LabelSmoothing, 0, 0.9);
        problems.Require(MinCropArea is > 0 and <= 1, Invariant($"{nameof(MinCropArea)} is {MinCropArea}; it must be above 0 and at most 1."));
        problems.Require(PolicyProblem() is null, PolicyProblem() ?? "");
        problems.InRange(ColorJitter, 0, 1);
        problems.InRange(GrayProbability, 0, 1);
        problems.InRange(RandomErasing, 0, 1);
        problems.InRange(MixupAlpha, 0, 10);
        problems.InRange(CutmixAlpha, 0, 10);
        problems.InRange(MixProbability, 0, 1);
        problems.InRange(CutmixShare, 0, 1);
        problems.Require(AverageDecay is null or (>= 0 and < 1), Invariant($"{nameof(AverageDecay)} is {AverageDecay}; it must be at least 0 and below 1, or null for none."));
        problems.Defined(Frozen);
        problems.InRange(FrozenBlocks, 0, Model?.Depth ?? int.MaxValue);
        problems.InRange(ValidationFraction, 0, 0.9);
        problems.Require(ValidationSet is null || ValidationFraction == 0, Invariant($"{nameof(ValidationFraction)} is {ValidationFraction} and there is a {nameof(ValidationSet)}; only one of them may be given."));
        problems.InRange(ValidationMemory, 0, 1 << 20);
        problems.Defined(StopOn);
        problems.Require(Patience is null or >= 0, Invariant($"{nameof(Patience)} is {Patience}; it must be at least 0, or null for no early end."));
        problems.InRange(TestSegments, 1, 64);
        problems.InRange(TestCrops, 1, 16);
        return problems;
    }

    private string? PolicyProblem()
    {
        try
        {
            _ = RandAugment is null ? null : RandAugmentPolicy.Parse(RandAugment);
            return null;
        }
        catch (FormatException error)
        {
            return $"{nameof(RandAugment)}: {error.Message}";
        }
    }

    internal MofoFinetuningOptions Copy()
    {
        var copy = (MofoFinetuningOptions)MemberwiseClone();
        copy.VideoLimits = VideoLimits?.Copy()!; // null is reported by Validate
        return copy;
    }
}
