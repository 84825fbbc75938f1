namespace Mofo.ML.Research;

/// <summary>How the weights of linear layers are drawn before training.</summary>
public enum WeightStart
{
    /// <summary>Xavier-uniform, fitted to the width of each layer: VideoMAE's and MOFO's pretraining, and any network much narrower than ViT-S.</summary>
    Xavier,

    /// <summary>
    /// Normal with deviation 0.02, as VideoMAE's and MOFO's classifiers: about Xavier's size at width 768. In a narrow network (width 96, say) its
    /// layers start several times too weak, and training stays at chance for tens of epochs.
    /// </summary>
    TruncatedNormal,

    /// <summary>
    /// Xavier-uniform, but every self-attention starts where queries equal keys, at twice Xavier's strength, and values pass an orthogonal matrix and its inverse: each token first
    /// attends to those that look like it, and to its neighbours where <see cref="TokenPositions.PerAxis"/> makes them look alike. It shortens the time in which a small network learns nothing.
    /// </summary>
    /// <remarks>After Trockman and Kolter 2023 (arXiv 2305.09828), whose products are these plus noise. What it brings: docs/recipes.md.</remarks>
    Mimetic,
}
