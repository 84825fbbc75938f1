using System.Text.Json.Serialization;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers;

/// <summary>Settings of MOFO's self-supervised pretraining.</summary>
/// <remarks>Defaults from VideoMAE's and MOFO's pretraining scripts: 800 epochs, lr 1.5e-4 per 256 clips, 40 epochs of warm-up, mask ratio 0.9.</remarks>
public sealed partial class MofoPretrainingOptions : MofoTrainingOptions
{
    /// <summary>Makes options with the paper's defaults.</summary>
    public MofoPretrainingOptions()
    {
        Epochs = 800;
        BaseLearningRate = 1.5e-4;
        MinLearningRate = 1e-5;
    }

    /// <summary>Share of all tubes that is hidden.</summary>
    /// <value>Default 0.9; in [0.1, 0.99].</value>
    public double MaskRatio { get; set; } = 0.9;

    /// <summary>The mask ratio that leaves a small grid enough visible tubes to reconstruct the others from: for <see cref="MaskRatio"/>.</summary>
    /// <param name="model">Size of the model.</param>
    /// <returns>0.9 for 14 x 14 patches and more, 0.6 for 7 x 7 (<see cref="VitConfig.Tiny"/>), 0.5 for 6 x 6 (<see cref="VitConfig.Micro"/>) and less.</returns>
    /// <exception cref="MofoOptionsException">The sizes cannot be used.</exception>
    /// <remarks>
    /// VideoMAE's 0.9 leaves 19.6 of its 196 tubes visible, and this ratio leaves as many in any grid: 1 - 19.6 / tubes, but never less than half hidden nor more than 0.9. At 0.9 a grid of 36 tubes
    /// shows 4 of them. The rule is ours; nothing but its two ends has been tried at length: 0.9 by VideoMAE, half of 36 tubes by this project (docs/pretraining.md).
    /// </remarks>
    public static double SuitedMaskRatio(VitConfig model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Validate();
        return MaskRatios.Suited(model.Grid.Cells);
    }

    /// <summary>Share of the tubes inside the motion box that is hidden; null for plain VideoMAE tube masking, which ignores the box.</summary>
    /// <value>Default 0.75 (MOFO, section 3.2); in [0, 0.99].</value>
    public double? MotionMaskRatio { get; set; } = 0.75;

    /// <summary>Temperature of soft masking: tubes are hidden the more often the more motion they have (<see cref="MaskingMotion"/>), with no hard border.</summary>
    /// <value>
    /// Default null: a fixed share of the box, see <see cref="MotionMaskRatio"/>, which this replaces. In [0.01, 100]. <see cref="MaskRatio"/> of the tubes are drawn without replacement with weights
    /// exp(motion / temperature), motion being in [0, 1]: at 0.5 a tube of full motion is 7.4 times as likely to come first as one without; at 100 all are alike.
    /// </value>
    public double? MotionTemperature { get; set; }

    /// <summary>What <see cref="MotionTemperature"/> takes for the motion of a tube.</summary>
    /// <value>Default <see cref="Research.MaskingMotion.Boxes"/>; <see cref="Research.MaskingMotion.FrameDifferences"/> needs a <see cref="MotionTemperature"/>.</value>
    public MaskingMotion MaskingMotion { get; set; } = MaskingMotion.Boxes;

    /// <summary>Draws masks as MOFO's released code does, for comparing with its figures; its mistakes are listed in docs/model-quirks.md.</summary>
    /// <value>Default false: masks follow the paper.</value>
    public bool ReleaseCompatibleMasks { get; set; }

    /// <summary>Share of the hidden tokens that the decoder reconstructs, in running cells (VideoMAE V2, arXiv 2303.16727, section 3.2).</summary>
    /// <value>Default 1: all. In [0.05, 1]; 0.5, as VideoMAE V2, halves the decoder's work.</value>
    public double DecoderKeepRatio { get; set; } = 1;

    /// <summary>Whether targets are normalised per token and channel (MAE, section 4: predicts better features than raw pixels).</summary>
    /// <value>Default true.</value>
    public bool NormalizeTargets { get; set; } = true;

    /// <summary>What is predicted of hidden tubes.</summary>
    /// <value>Default <see cref="Research.ReconstructionTarget.Pixels"/>, as the paper. Differences need at least two frames. Part of the saved model: the decoder's head has the size of it.</value>
    public ReconstructionTarget ReconstructionTarget { get; set; } = ReconstructionTarget.Pixels;

    /// <summary>How weights are drawn where there are no <see cref="MofoTrainingOptions.InitialWeights"/>.</summary>
    /// <value>Default <see cref="Research.WeightStart.Xavier"/>, as the paper's code.</value>
    public WeightStart WeightStart { get; set; } = WeightStart.Xavier;

    /// <summary>How the clip is cut that features are taken from: one clip of the middle of the video, or one over the whole video.</summary>
    /// <value>
    /// Default <see cref="ClipSampling.Dense"/>: frames <see cref="MofoTrainingOptions.FrameStride"/> apart, as the network saw them in pretraining. <see cref="ClipSampling.Uniform"/>: the middles of
    /// equal segments, which shows the whole of a long video at a speed that pretraining never saw.
    /// </value>
    public ClipSampling FeatureSampling { get; set; } = ClipSampling.Dense;

    /// <summary>What features are taken from: one clip, the middle crop.</summary>
    internal ScoringViews Views => new(Model.Frames, Model.ImageSize, FeatureSampling, FrameStride, Segments: 1, Crops: 1);

    internal override bool CutsOnDevice => MotionTemperature is null || MaskingMotion != MaskingMotion.FrameDifferences;

    /// <inheritdoc/>
    [JsonIgnore]
    internal override IReadOnlyCollection<string> WithoutEffect => [.. base.WithoutEffect, nameof(FeatureSampling)];

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MofoPretrainingOptions));
        AddProblems(problems);
        problems.InRange(MaskRatio, 0.1, 0.99);
        problems.Require(MotionMaskRatio is null or (>= 0 and <= 0.99), Invariant($"{nameof(MotionMaskRatio)} is {MotionMaskRatio}; it must be in [0, 0.99], or null for random tubes."));
        problems.Require(MotionTemperature is null or (>= 0.01 and <= 100), Invariant($"{nameof(MotionTemperature)} is {MotionTemperature}; it must be in [0.01, 100], or null for a fixed share of the box."));
        problems.Require(
            !ReleaseCompatibleMasks || (MotionTemperature is null && MotionMaskRatio is not null),
            $"{nameof(ReleaseCompatibleMasks)} is true; {nameof(MotionTemperature)} must then be null and {nameof(MotionMaskRatio)} a number.");
        problems.Defined(MaskingMotion);
        problems.Require(
            MaskingMotion != MaskingMotion.FrameDifferences || MotionTemperature is not null,
            $"{nameof(MaskingMotion)} is {MaskingMotion}; there must then be a {nameof(MotionTemperature)}.");
        problems.InRange(DecoderKeepRatio, 0.05, 1);
        problems.Defined(ReconstructionTarget);
        problems.Require(
            ReconstructionTarget != ReconstructionTarget.PixelsAndDifferences || Model is not { Frames: < 2 },
            $"{nameof(ReconstructionTarget)} is {ReconstructionTarget}; the model's {nameof(VitConfig.Frames)} must then be at least 2.");
        problems.Defined(WeightStart);
        problems.Defined(FeatureSampling);
        problems.ThrowIfAny();
    }

    internal MofoPretrainingOptions Copy()
    {
        var copy = (MofoPretrainingOptions)MemberwiseClone();
        copy.VideoLimits = VideoLimits?.Copy()!; // null is reported by Validate
        return copy;
    }
}
