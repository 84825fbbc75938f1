namespace Mofo.ML.Trainers.Weights;

/// <summary>Recognises networks that are no VideoMAE by tensors that only they have, so that a refusal says what the file is and not only what does not fit.</summary>
internal static class ForeignLayouts
{
    /// <summary>A part of a tensor name, and what has it. The first that fits is named.</summary>
    private static readonly (string Part, string Kind)[] Signs =
    [
        ("cls_token", "a class token: a plain ViT, TimeSformer, MViT or Hiera, not VideoMAE"),
        ("temporal_embed", "embeddings of time of their own: TimeSformer or MAE-ST, not VideoMAE"),
        ("time_embed", "embeddings of time of their own: TimeSformer, not VideoMAE"),
        ("pos_embed_spatial", "separate positions in space and time: MAE-ST, not VideoMAE"),
        ("relative_position_bias_table", "relative positions: Swin, Video Swin or BEiT, not VideoMAE"),
        ("gamma_1", "layer scale (init_values above 0), which this library's blocks do not have"),
        ("lambda_1", "layer scale, which this library's blocks do not have"),
        ("logit_scale", "cosine attention (cos_attn), which this library's blocks do not have"),
        ("lora_A", "LoRA adapters: merge them into the weights first (merge_and_unload)"),
        ("qkv.bias", "a bias for queries, keys and values together: a ViT of timm, not VideoMAE"),
        ("layer1.0.conv1", "convolutions: a ResNet, not VideoMAE"),
        ("s1.pathway0", "pathways: SlowFast, not VideoMAE"),
        ("visual.transformer", "a CLIP model, not VideoMAE"),
    ];

    /// <summary>A sentence about the file; null where nothing is recognised.</summary>
    public static string? Describe(IEnumerable<string> names)
    {
        var all = names.ToList();
        foreach (var (part, kind) in Signs)
        {
            if (all.Find(name => name.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return $"The file has '{found}': {kind}.";
            }
        }

        return null;
    }
}
