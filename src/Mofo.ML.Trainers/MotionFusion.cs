namespace Mofo.ML.Trainers;

/// <summary>How the classifier turns the tokens of a clip into one vector, given the motion box.</summary>
/// <remarks>Whatever is chosen, a clip without motion box is pooled as with <see cref="None"/>.</remarks>
public enum MotionFusion
{
    /// <summary>Tokens inside the box attend to those outside (one block of multi-head cross-attention), then their mean; the paper's best.</summary>
    /// <remarks>A box over the whole frame leaves nothing outside: its tokens then attend to one another.</remarks>
    MultiHeadCrossAttention,

    /// <summary>Sum of two learned attention poolings, one over the tokens inside the box and one over those outside.</summary>
    /// <remarks>A box over the whole frame leaves the pooling inside alone.</remarks>
    SoftAttention,

    /// <summary>Mean of the tokens inside plus half the mean of those outside; no weights to learn.</summary>
    /// <remarks>A box over the whole frame gives the mean of all tokens.</remarks>
    WeightedMean,

    /// <summary>Mean of all tokens; the box plays no part (VideoMAE's classifier).</summary>
    None,
}
