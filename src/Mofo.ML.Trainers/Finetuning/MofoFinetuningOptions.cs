using System.Text.Json.Serialization;
using Microsoft.ML;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Settings of motion-aware finetuning.</summary>
/// <remarks>Defaults from VideoMAE's and MOFO's Something-Something v2 scripts: 40 epochs, lr 5e-4 per 256 clips, layer decay 0.75, drop path 0.1.</remarks>
public sealed class MofoFinetuningOptions : MofoTrainingOptions
{
    /// <summary>Makes options with the paper's defaults.</summary>
    public MofoFinetuningOptions()
    {
        Epochs = 40;
        BaseLearningRate = 5e-4;
        MinLearningRate = 1e-6;
    }

    /// <summary>How tokens inside and outside the motion box are joined.</summary>
    /// <value>Default <see cref="MotionFusion.MultiHeadCrossAttention"/> (MOFO, section 3.3).</value>
    public MotionFusion Fusion { get; set; } = MotionFusion.MultiHeadCrossAttention;

    /// <summary>Whether training starts from the pretrained stage upstream where there is one and <see cref="MofoTrainingOptions.InitialWeights"/> names no file.</summary>
    /// <value>Default true. Too short a pretraining can be a worse start than random weights; then false.</value>
    public bool UsePretrained { get; set; } = true;

    /// <summary>How weights are drawn that come from no file and no pretrained stage.</summary>
    /// <value>Default <see cref="Trainers.WeightStart.TruncatedNormal"/>, as the original's classifiers; <see cref="Trainers.WeightStart.Xavier"/> for networks much narrower than 384.</value>
    public WeightStart WeightStart { get; set; } = WeightStart.TruncatedNormal;

    /// <summary>How clips are cut from videos.</summary>
    /// <value>Default <see cref="ClipSampling.Uniform"/>.</value>
    public ClipSampling Sampling { get; set; } = ClipSampling.Uniform;

    /// <summary>Learning rate of a block over that of the block above it.</summary>
    /// <value>Default 0.75; in (0, 1]. 1 trains all layers alike, as suits training from scratch.</value>
    public double LayerDecay { get; set; } = 0.75;

    /// <summary>Chance to drop a residual branch, in the last block; grows linearly from 0 in the first.</summary>
    /// <value>Default 0.1; in [0, 0.9].</value>
    public double DropPath { get; set; } = 0.1;

    /// <summary>Share of the target spread over all classes.</summary>
    /// <value>Default 0.1; in [0, 0.9].</value>
    public double LabelSmoothing { get; set; } = 0.1;

    /// <summary>Smallest share of a frame's area that a random crop keeps.</summary>
    /// <value>Default 0.5; in (0, 1].</value>
    public double MinCropArea { get; set; } = 0.5;

    /// <summary>Checks the model on these rows after every epoch and keeps the best weights; the same columns as the training view.</summary>
    /// <value>Default null: the weights of the last epoch are kept.</value>
    [JsonIgnore]
    public IDataView? ValidationSet { get; set; }

    /// <summary>Clips per video when scoring, spread over time.</summary>
    /// <value>Default 2; in [1, 64].</value>
    public int TestSegments { get; set; } = 2;

    /// <summary>Crops per clip when scoring, spread along the long side.</summary>
    /// <value>Default 3; in [1, 16].</value>
    public int TestCrops { get; set; } = 3;

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MofoFinetuningOptions));
        AddProblems(problems);
        problems.Defined(Fusion);
        problems.Defined(Sampling);
        problems.Defined(WeightStart);
        problems.Require(LayerDecay is > 0 and <= 1, $"{nameof(LayerDecay)} is {LayerDecay}; it must be above 0 and at most 1.");
        problems.InRange(DropPath, 0, 0.9);
        problems.InRange(LabelSmoothing, 0, 0.9);
        problems.Require(MinCropArea is > 0 and <= 1, $"{nameof(MinCropArea)} is {MinCropArea}; it must be above 0 and at most 1.");
        problems.InRange(TestSegments, 1, 64);
        problems.InRange(TestCrops, 1, 16);
        problems.ThrowIfAny();
    }

    internal MofoFinetuningOptions Copy() => (MofoFinetuningOptions)MemberwiseClone();
}
