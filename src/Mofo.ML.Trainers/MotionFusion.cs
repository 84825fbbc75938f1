namespace Mofo.ML.Trainers;

/// <summary>How the classifier turns the tokens of a clip into one vector, given the motion box.</summary>
/// <remarks>A clip without motion box is pooled as with <see cref="None"/>, but for <see cref="AttentivePooling"/>, which looks at no box.</remarks>
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

    /// <summary>One learned query attends to all tokens (one block of multi-head cross-attention); the box plays no part. It can look at where the motion is, which a mean cannot.</summary>
    /// <remarks>As the attentive probe of V-JEPA (arXiv 2404.08471). Weights: <c>attentive_pool.query</c> and <c>attentive_pool.block.*</c>.</remarks>
    AttentivePooling,
}
