namespace Mofo.ML.Trainers;

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
}
