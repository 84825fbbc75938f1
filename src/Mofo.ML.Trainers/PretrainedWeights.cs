using Mofo.ML.Trainers.Weights.BuiltIn;

namespace Mofo.ML.Trainers;

/// <summary>Pretrained weights that come with the library, for <see cref="MofoTrainingOptions.InitialWeights"/>.</summary>
/// <remarks>Trained by this project on clips that it may use; their accuracy and how to train them again: docs/small-weights.md.</remarks>
public static class PretrainedWeights
{
    /// <summary>Path of the weights of <see cref="VitConfig.Micro"/>: MOFO pretraining without labels, 58,000 rendered and real clips seen. 2.3 MB.</summary>
    /// <value>A file in the user's cache folder (<c>MOFO_NATIVE_CACHE</c> moves it), written where it is missing or differs.</value>
    /// <exception cref="IOException">The cache folder cannot be written to, or belongs to another user.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache folder cannot be written to.</exception>
    public static string Micro => BuiltInWeights.Micro;
}
