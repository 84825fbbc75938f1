namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>How the tokens after the last block become the vector that is given as features and that a head sees.</summary>
internal enum TokenPooling
{
    /// <summary>Mean over the tokens (or the fusion by the motion box), then a norm: classifiers.</summary>
    MeanThenNorm,

    /// <summary>A norm of each token, then the mean: pretraining networks.</summary>
    NormThenMean,

    /// <summary>A norm of each token, then the first token: transformers' classifiers with <c>use_mean_pooling</c> off.</summary>
    NormThenFirst,

    /// <summary>Mean over the tokens: networks saved without their norm.</summary>
    Mean,
}
