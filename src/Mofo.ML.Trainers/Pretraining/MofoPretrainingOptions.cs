using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Settings of MOFO's self-supervised pretraining.</summary>
/// <remarks>Defaults from VideoMAE's and MOFO's pretraining scripts: 800 epochs, lr 1.5e-4 per 256 clips, 40 epochs of warm-up, mask ratio 0.9.</remarks>
public sealed class MofoPretrainingOptions : MofoTrainingOptions
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

    /// <summary>Share of the tubes inside the motion box that is hidden; null for plain VideoMAE tube masking, which ignores the box.</summary>
    /// <value>Default 0.75 (MOFO, section 3.2); in [0, 0.99].</value>
    public double? MotionMaskRatio { get; set; } = 0.75;

    /// <summary>Whether targets are normalised per token and channel (MAE, section 4: predicts better features than raw pixels).</summary>
    /// <value>Default true.</value>
    public bool NormalizeTargets { get; set; } = true;

    /// <summary>How weights are drawn where there are no <see cref="MofoTrainingOptions.InitialWeights"/>.</summary>
    /// <value>Default <see cref="Trainers.WeightStart.Xavier"/>, as the paper's code.</value>
    public WeightStart WeightStart { get; set; } = WeightStart.Xavier;

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MofoPretrainingOptions));
        AddProblems(problems);
        problems.InRange(MaskRatio, 0.1, 0.99);
        problems.Require(MotionMaskRatio is null or (>= 0 and <= 0.99), $"{nameof(MotionMaskRatio)} is {MotionMaskRatio}; it must be in [0, 0.99], or null for random tubes.");
        problems.Defined(WeightStart);
        problems.ThrowIfAny();
    }

    internal MofoPretrainingOptions Copy() => (MofoPretrainingOptions)MemberwiseClone();
}
