using System.Globalization;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>What the names and shapes of a file's tensors say of its network.</summary>
internal sealed record ShapeFacts
{
    private const string Embedding = "patch_embed.proj.weight";

    public int Width { get; private init; }

    public int Depth { get; private init; }

    public int Hidden { get; private init; }

    public int PatchSize { get; private init; }

    public int TubeletSize { get; private init; }

    /// <summary>Classes of the head; 0 without one.</summary>
    public int Classes { get; private init; }

    /// <summary>A norm over each token, as pretraining has it.</summary>
    public bool HasTokenNorm { get; private init; }

    /// <summary>A norm of the pooled vector before the head.</summary>
    public bool HasPooledNorm { get; private init; }

    /// <summary>Whether there are the layers of the cross-attention between tokens inside and outside the motion box.</summary>
    public bool HasCrossAttention { get; private init; }

    /// <summary>Whether there are the layers of the attention poolings inside and outside the motion box.</summary>
    public bool HasSoftAttention { get; private init; }

    /// <summary>Width and blocks of the decoder; null without one.</summary>
    public (int Width, int Depth)? Decoder { get; private init; }

    /// <summary>The stored table of positions, [1,N,C]; null where the file has none.</summary>
    public WeightTensor? Positions { get; private init; }

    /// <summary>Hidden width over width, so that the product gives the hidden width again.</summary>
    public double MlpRatio => (int)((double)Hidden / Width * Width) == Hidden ? (double)Hidden / Width : Math.BitIncrement((double)Hidden / Width);

    /// <exception cref="WeightFileException">The file holds no video transformer, or one that this library does not have.</exception>
    public static ShapeFacts Of(WeightSet original)
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var tensor in original)
        {
            // The decoder's blocks keep their prefix, so nothing here is confused with the encoder's.
            tensors.TryAdd(WrapperNames.Without(tensor.Name), tensor);
        }

        if (ForeignLayouts.Describe(original.Select(tensor => tensor.Source)) is { } kind)
        {
            throw new WeightFileException(original.Origin, null, "the weights of another kind of network. " + kind.TrimEnd('.'), "those of a VideoMAE, VideoMAE V2 or MOFO network");
        }

        var embedding = Find(Embedding)?.Shape is [var width, 3, var tubelet, var patch, var across] && patch == across
            ? (Width: (int)width, Tubelet: (int)tubelet, Patch: (int)patch)
            : throw Missing(Embedding, Find(Embedding)?.Description ?? "no such tensor", "the embedding of a video transformer, [width, 3, frames, side, side]");
        var depth = Blocks("blocks.");
        var hidden = Find("blocks.0.mlp.fc1.weight")?.Shape is [var rows, _] ? (int)rows : throw Missing("blocks.0.mlp.fc1.weight", "no such tensor", "a matrix [hidden width, width]");
        return new ShapeFacts
        {
            Width = embedding.Width,
            TubeletSize = embedding.Tubelet,
            PatchSize = embedding.Patch,
            Depth = depth,
            Hidden = hidden,
            Classes = Find("head.weight")?.Shape is [var classes, var inputs] && inputs == embedding.Width ? (int)classes : 0,
            HasTokenNorm = Find("norm.weight") is not null,
            HasPooledNorm = Find("fc_norm.weight") is not null,
            HasCrossAttention = tensors.Keys.Any(name => name.StartsWith("local_MCA.", StringComparison.Ordinal)),
            HasSoftAttention = tensors.Keys.Any(name => name.StartsWith("soft_att_local.", StringComparison.Ordinal)),
            Decoder = Find("encoder_to_decoder.weight")?.Shape is [var decoderWidth, _] ? ((int)decoderWidth, Blocks("decoder.blocks.")) : null,
            Positions = original.FirstOrDefault(tensor => PositionTable.Is(WrapperNames.Without(tensor.Name), tensor) && tensor.Shape[2] == embedding.Width),
        };

        WeightTensor? Find(string name) => tensors.GetValueOrDefault(name);

        int Blocks(string prefix) => 1 + tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(prefix.Length, Math.Max(0, name.IndexOf('.', prefix.Length) - prefix.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var block) ? block : -1)
            .DefaultIfEmpty(-1).Max();

        WeightFileException Missing(string name, string found, string expected) => new(original.Origin, name, found, expected);
    }
}
