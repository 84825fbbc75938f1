using System.Globalization;

namespace Mofo.ML.Trainers.Weights;

/// <summary>The only table of tensor names: the original's (which are ours) and those of HuggingFace's VideoMAE classes.</summary>
/// <remarks>
/// The original keeps query, key and value of an attention as the rows of one matrix, <c>attn.qkv.weight</c>, with biases for query and value only.
/// HuggingFace has three matrices. A bias of the keys adds the same to all scores of a query, which softmax ignores, so dropping one loses nothing.
/// </remarks>
internal static class ParameterNames
{
    private const string Fused = "attn.qkv.weight";

    private static readonly string[] Split = ["attention.attention.query.weight", "attention.attention.key.weight", "attention.attention.value.weight"];

    /// <summary>Prefixes that wrappers put before all names of a model.</summary>
    private static readonly string[] Wrappers = ["module.", "model.", "backbone.", "encoder."];

    private static readonly (string Original, string HuggingFace)[] Blocks = [("blocks.", "encoder.layer."), ("decoder.blocks.", "decoder.decoder_layers.")];

    private static readonly (string Original, string HuggingFace)[] InBlock =
    [
        ("norm1.", "layernorm_before."),
        ("norm2.", "layernorm_after."),
        ("attn.q_bias", "attention.attention.q_bias"),
        ("attn.v_bias", "attention.attention.v_bias"),
        // Newer versions of the library keep the same biases in the linear layers.
        ("attn.q_bias", "attention.attention.query.bias"),
        ("attn.v_bias", "attention.attention.value.bias"),
        ("attn.proj.", "attention.output.dense."),
        ("mlp.fc1.", "intermediate.dense."),
        ("mlp.fc2.", "output.dense."),
    ];

    private static readonly (string Original, string HuggingFace)[] OutsideBlocks =
    [
        ("patch_embed.proj.", "embeddings.patch_embeddings.projection."),
        ("norm.", "layernorm."),
        ("head.", "classifier."),
    ];

    /// <summary>Layers that join tokens inside and outside the motion box; only a motion-aware classifier has them.</summary>
    private static readonly string[] FusionLayers = ["local_MCA.", "global_MCA.", "soft_att_local.", "soft_att_global.", "patch_yab."];

    public static bool IsFusion(string name) => Array.Exists(FusionLayers, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The name without the prefixes of wrappers: <c>module.encoder.blocks.0.norm1.bias</c> is <c>blocks.0.norm1.bias</c>.</summary>
    public static string WithoutWrappers(string name)
    {
        while (Array.Find(Wrappers, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } found)
        {
            name = name[found.Length..];
        }

        return name;
    }

    public static bool IsHuggingFace(WeightSet set) => set.Names.Any(name => name.EndsWith("embeddings.patch_embeddings.projection.weight", StringComparison.Ordinal));

    /// <summary>The same tensors under the original's names; sets that have those already come back as they are.</summary>
    /// <remarks>A model with a classifier gets the names of the original's classifier, any other those of its pretraining model.</remarks>
    public static WeightSet ToOriginal(WeightSet set)
    {
        if (!IsHuggingFace(set))
        {
            return set;
        }

        var prefix = set.Names.Any(name => name.StartsWith("classifier.", StringComparison.Ordinal)) ? "" : "encoder.";
        var tensors = new List<WeightTensor>();
        foreach (var tensor in set)
        {
            var bare = tensor.Name.StartsWith("videomae.", StringComparison.Ordinal) ? tensor.Name["videomae.".Length..] : tensor.Name;
            if (bare.EndsWith(Split[0], StringComparison.Ordinal))
            {
                tensors.Add(Join(set, tensor, Prefixed(prefix, Rename(bare[..^Split[0].Length], FromHuggingFace) + Fused)));
            }
            else if (!bare.EndsWith(Split[1], StringComparison.Ordinal) && !bare.EndsWith(Split[2], StringComparison.Ordinal)
                && !bare.EndsWith("attention.attention.key.bias", StringComparison.Ordinal))
            {
                tensors.Add(tensor.Renamed(Prefixed(prefix, Rename(bare, FromHuggingFace))));
            }
        }

        return new WeightSet(set.Origin, tensors, set.Metadata, set);
    }

    /// <summary>The same tensors under HuggingFace's names; names it does not know (the motion fusion) stay.</summary>
    public static WeightSet ToHuggingFace(WeightSet set)
    {
        var tensors = new List<WeightTensor>();
        foreach (var tensor in set)
        {
            var bare = tensor.Name.StartsWith("encoder.", StringComparison.Ordinal) ? tensor.Name["encoder.".Length..] : tensor.Name;
            var renamed = Rename(bare, ToHuggingFace);
            var model = IsEncoder(bare) ? "videomae." : "";
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

    private static string Prefixed(string prefix, string bare) => IsEncoder(bare) ? prefix + bare : bare;

    private static bool IsEncoder(string bare) => bare.StartsWith("blocks.", StringComparison.Ordinal)
        || bare.StartsWith("patch_embed.", StringComparison.Ordinal) || bare.StartsWith("norm.", StringComparison.Ordinal);

    private static (string From, string To) FromHuggingFace((string Original, string HuggingFace) pair) => (pair.HuggingFace, pair.Original);

    private static (string From, string To) ToHuggingFace((string Original, string HuggingFace) pair) => (pair.Original, pair.HuggingFace);

    private static string Rename(string name, Func<(string Original, string HuggingFace), (string From, string To)> direction)
    {
        foreach (var (from, to) in Blocks.Select(direction))
        {
            if (name.StartsWith(from, StringComparison.Ordinal) && name.IndexOf('.', from.Length) is var dot and > 0
                && int.TryParse(name.AsSpan(from.Length, dot - from.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return to + name[from.Length..(dot + 1)] + Replace(name[(dot + 1)..], InBlock.Select(direction));
            }
        }

        return Replace(name, OutsideBlocks.Select(direction));
    }

    private static string Replace(string name, IEnumerable<(string From, string To)> table)
    {
        var (from, to) = table.FirstOrDefault(pair => name.StartsWith(pair.From, StringComparison.Ordinal));
        return from is null ? name : to + name[from.Length..];
    }

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
        });
    }

    private static bool TryThird(ReadOnlySpan<long> shape, out long[] third)
    {
        third = shape is [var rows, var columns] && rows % 3 == 0 ? [rows / 3, columns] : [];
        return third.Length > 0;
    }

    private static WeightTensor Part(WeightTensor fused, string name, long[] shape, int part) =>
        new(name, fused.Type, shape, destination => fused.ToArray().AsSpan(part * destination.Length, destination.Length).CopyTo(destination));
}
