using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.Weights;

/// <summary>The only table of tensor names: the original's (which are ours), those of HuggingFace's VideoMAE classes and those of MMAction2's VideoMAE.</summary>
/// <remarks>
/// The original keeps query, key and value of an attention as the rows of one matrix, <c>attn.qkv.weight</c>, with biases for query and value only.
/// HuggingFace has three matrices. A bias of the keys adds the same to all scores of a query, which softmax ignores, so dropping one loses nothing.
/// </remarks>
internal static class ParameterNames
{
    private const string Fused = "attn.qkv.weight";
    private const string HuggingFaceModel = "videomae.";

    private static readonly string[] Split = ["attention.attention.query.weight", "attention.attention.key.weight", "attention.attention.value.weight"];

    private static readonly NameTable HuggingFace = new(
        [new("blocks.", "encoder.layer."), new("decoder.blocks.", "decoder.decoder_layers.")],
        [
            new("norm1.", "layernorm_before."),
            new("norm2.", "layernorm_after."),
            new("attn.q_bias", "attention.attention.q_bias"),
            new("attn.v_bias", "attention.attention.v_bias"),
            // Newer versions of the library keep the same biases in the linear layers.
            new("attn.q_bias", "attention.attention.query.bias"),
            new("attn.v_bias", "attention.attention.value.bias"),
            new("attn.proj.", "attention.output.dense."),
            new("mlp.fc1.", "intermediate.dense."),
            new("mlp.fc2.", "output.dense."),
        ],
        [
            new("patch_embed.proj.", "embeddings.patch_embeddings.projection."),
            new(TokenRows.Buffer, "embeddings.position_embeddings"),
            new("norm.", "layernorm."),
            new("head.", "classifier."),
        ]);

    /// <summary>MMAction2's VisionTransformer (mmaction/models/backbones/vit_mae.py) with the head TimeSformerHead.</summary>
    private static readonly NameTable MmAction2 = new(
        [new("blocks.", "blocks.")],
        [new("mlp.fc1.", "mlp.layers.0.0."), new("mlp.fc2.", "mlp.layers.1.")],
        [new("patch_embed.proj.", "patch_embed.projection."), new("head.", "cls_head.fc_cls.")]);

    /// <summary>Layers that turn tokens into one vector, most of them by the motion box; only a classifier has them.</summary>
    private static readonly string[] FusionLayers = ["local_MCA.", "global_MCA.", "soft_att_local.", "soft_att_global.", "patch_yab.", "attentive_pool."];

    public static bool IsFusion(string name) => Array.Exists(FusionLayers, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    public static bool IsHuggingFace(WeightSet set) => set.Names.Any(name => name.EndsWith("embeddings.patch_embeddings.projection.weight", StringComparison.Ordinal));

    public static bool IsMmAction2(WeightSet set) => set.Names.Any(name => WrapperNames.Without(name).StartsWith("patch_embed.projection.", StringComparison.Ordinal));

    /// <summary>The same tensors under the original's names; sets that have those already come back as they are.</summary>
    /// <remarks>A model with a classifier gets the names of the original's classifier, any other those of its pretraining model.</remarks>
    public static WeightSet ToOriginal(WeightSet set) =>
        IsHuggingFace(set) ? FromHuggingFace(set)
        : IsMmAction2(set) ? new WeightSet(set.Origin, set.Select(tensor => tensor.Renamed(MmAction2.ToOriginal(WrapperNames.Without(tensor.Name)))), set.Metadata, set)
        : set;

    /// <summary>The same tensors under HuggingFace's names; names it does not know (the motion fusion) stay.</summary>
    public static WeightSet ToHuggingFace(WeightSet set)
    {
        var tensors = new List<WeightTensor>();
        foreach (var tensor in set)
        {
            var bare = WithoutStart(tensor.Name, "encoder.");
            var renamed = HuggingFace.FromOriginal(bare);
            var model = IsOfEncoder(bare) ? HuggingFaceModel : "";
            if (bare.EndsWith("." + Fused, StringComparison.Ordinal) && TryThird(tensor.Shape.AsSpan(), out var third))
            {
                var block = model + renamed[..^Fused.Length];
                tensors.AddRange(Split.Select((name, part) => Part(tensor, block + name, third, part)));
            }
            else
            {
                tensors.Add(tensor.Renamed(model + renamed));
            }
        }

        return new WeightSet(set.Origin, tensors, set.Metadata, set);
    }

    private static WeightSet FromHuggingFace(WeightSet set)
    {
        var prefix = set.Names.Any(name => BareHuggingFace(name).StartsWith("classifier.", StringComparison.Ordinal)) ? "" : "encoder.";
        var tensors = new List<WeightTensor>();
        foreach (var tensor in set)
        {
            var bare = BareHuggingFace(tensor.Name);
            if (bare.EndsWith(Split[0], StringComparison.Ordinal))
            {
                tensors.Add(Join(set, tensor, Prefixed(prefix, HuggingFace.ToOriginal(bare[..^Split[0].Length]) + Fused)));
            }
            else if (!bare.EndsWith(Split[1], StringComparison.Ordinal) && !bare.EndsWith(Split[2], StringComparison.Ordinal)
                && !bare.EndsWith("attention.attention.key.bias", StringComparison.Ordinal))
            {
                tensors.Add(tensor.Renamed(Prefixed(prefix, HuggingFace.ToOriginal(bare))));
            }
        }

        return new WeightSet(set.Origin, tensors, set.Metadata, set);
    }

    /// <summary>A name of HuggingFace's classes without wrappers and without the name of the inner model.</summary>
    private static string BareHuggingFace(string name) =>
        WithoutStart(WithoutStart(WrapperNames.WithoutTransparent(name), "model."), HuggingFaceModel);

    private static string WithoutStart(string name, string start) => name.StartsWith(start, StringComparison.Ordinal) ? name[start.Length..] : name;

    private static bool IsOfEncoder(string bare) => bare.StartsWith("blocks.", StringComparison.Ordinal)
        || bare.StartsWith("patch_embed.", StringComparison.Ordinal) || bare.StartsWith("norm.", StringComparison.Ordinal) || bare is TokenRows.Buffer;

    private static string Prefixed(string prefix, string bare) => IsOfEncoder(bare) ? prefix + bare : bare;

    private static WeightTensor Join(WeightSet set, WeightTensor query, string name)
    {
        var start = query.Name[..^Split[0].Length];
        var parts = Split.Select(part => set[start + part]).ToArray();
        foreach (var part in parts)
        {
            if (part.Shape.Length != 2 || part.Description != query.Description)
            {
                throw new WeightFileException(set.Origin, part.Name, part.Description, $"a matrix like that of the queries, {query.Description}");
            }
        }

        return new WeightTensor(name, query.Type, [3 * query.Shape[0], query.Shape[1]], destination =>
        {
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i].CopyTo(destination.Slice(i * query.ByteCount, query.ByteCount));
            }
        })
        {
            Source = start + "attention.attention.{query,key,value}.weight",
        };
    }

    private static bool TryThird(ReadOnlySpan<long> shape, out long[] third)
    {
        third = shape is [var rows, var columns] && rows % 3 == 0 ? [rows / 3, columns] : [];
        return third.Length > 0;
    }

    private static WeightTensor Part(WeightTensor fused, string name, long[] shape, int part) =>
        new(name, fused.Type, shape, destination => fused.ToArray().AsSpan(part * destination.Length, destination.Length).CopyTo(destination));
}
