namespace Mofo.ML.Trainers;

/// <summary>How the weights of linear layers are drawn before pretraining.</summary>
public enum WeightStart
{
    /// <summary>Xavier-uniform, as VideoMAE and MOFO: for long pretraining.</summary>
    Xavier,

    /// <summary>Normal with deviation 0.02, as classifiers start: layers begin near the identity, so that finetuning after a short pretraining still sees where tokens lie.</summary>
    TruncatedNormal,
}
