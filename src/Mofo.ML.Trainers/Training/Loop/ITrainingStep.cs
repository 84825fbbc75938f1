using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>What one step needs: a batch to its loss. Knows nothing of the loop.</summary>
internal interface ITrainingStep<TClip>
{
    /// <summary>Forward pass and loss of one batch. The caller's dispose scope owns what is made.</summary>
    /// <param name="batch">At least one clip; fewer than a batch only where videos were bad.</param>
    /// <param name="random">The only source of chance; made from the seed and the number of the step.</param>
    StepLoss Loss(IReadOnlyList<TClip> batch, Random random);
}

/// <summary>Loss of one batch.</summary>
/// <param name="Total">Scalar with a graph behind it.</param>
internal readonly record struct StepLoss(Tensor Total)
{
    /// <summary>Part inside the motion box, NaN where there is none.</summary>
    public StepFigure Inside { get; init; } = StepFigure.Unknown;

    /// <summary>Part outside it, NaN where there is none.</summary>
    public StepFigure Outside { get; init; } = StepFigure.Unknown;

    /// <summary>The value of <see cref="Total"/>, read once, as reading it waits for the device.</summary>
    public float Value { get; init; }

    /// <summary>Tokens that <see cref="Inside"/> is the mean over; filled in where several processes train together.</summary>
    public long InsideTokens { get; init; }

    /// <summary>Tokens that <see cref="Outside"/> is the mean over; filled in where several processes train together.</summary>
    public long OutsideTokens { get; init; }

    /// <summary>The loss that a network reaches on this batch without looking at the clips; NaN where that is not known.</summary>
    public StepFigure Baseline { get; init; } = StepFigure.Unknown;

    /// <summary>The lowest loss that the targets of this batch allow: 0 but for targets that are spread over classes.</summary>
    public double Floor { get; init; }
}
