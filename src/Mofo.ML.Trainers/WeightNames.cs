namespace Mofo.ML.Trainers;

/// <summary>Whose tensor names a weight file is written with.</summary>
public enum WeightNames
{
    /// <summary>Those of the MOFO and VideoMAE code, which are also ours: <c>blocks.0.attn.qkv.weight</c>.</summary>
    Original,

    /// <summary>Those of HuggingFace's VideoMAE classes: <c>videomae.encoder.layer.0.attention.attention.query.weight</c>.</summary>
    HuggingFace,
}
