using Mofo.ML.Trainers;

namespace Mofo.ML.Research;

/// <summary>What pretraining predicts of the hidden tubes.</summary>
public enum ReconstructionTarget
{
    /// <summary>Their pixels, as VideoMAE and MOFO (or their changes with <see cref="ClipInput.Changes"/>).</summary>
    Pixels,

    /// <summary>
    /// Their pixels and, beside them, the difference of every pixel to the next frame, so that what moves counts as much as how it looks. The decoder's head is twice as wide;
    /// encoder and classifiers are the same.
    /// </summary>
    /// <remarks>
    /// A difference is x(t + 1) - x(t), in the last frame x(t) - x(t - 1), divided by the root mean square of all differences of the clip (plus one grey level, so that the noise
    /// of a clip without motion stays weak). It is not normalised per token: constant pixels have targets of 0. Predicting nothing so costs about 1 for either half of the loss. To predict frame
    /// differences beside pixels is the idea of MotionMAE (Yang et al. 2022, arXiv 2210.04154); scale and weight are ours.
    /// </remarks>
    PixelsAndDifferences,
}
