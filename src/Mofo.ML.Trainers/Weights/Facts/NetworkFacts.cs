using System.Globalization;
using Mofo.ML.Research;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>All that is known of a published network before its weights are read: from the settings beside it and from the shapes of its tensors.</summary>
internal sealed record NetworkFacts
{
    /// <summary>Frames and picture size of the published networks, for files that say nothing of them.</summary>
    private const int UsualFrames = 16, UsualImageSize = 224;

    public required string Origin { get; init; }

    /// <summary>Size of the network and of the clips it was trained at.</summary>
    public required VitConfig Size { get; init; }

    /// <summary>Whether frames and picture size come from the settings or from the stored positions; else they are those of the published networks.</summary>
    public bool KnowsClips { get; private init; }

    /// <summary>Whether the file says how the network knows its positions; else they are those of the published networks, or a stored table.</summary>
    public bool KnowsPositions { get; private init; }

    /// <summary>Attention heads as the settings say them; null where there are none.</summary>
    public int? SettingsHeads { get; private init; }

    /// <summary>Whether the file has a decoder, as pretraining saves it.</summary>
    public bool HasDecoder { get; private init; }

    /// <summary>Whether the decoder's attention heads are known or may be taken from its width.</summary>
    public bool KnowsDecoderHeads { get; private init; }

    /// <summary>Added to the variance by the norms of the blocks; the original's where the file does not say.</summary>
    public double NormEpsilon { get; private init; } = Model.Layers.BlockShape.NormEpsilon;

    /// <summary>The same of the norm before the head.</summary>
    public double HeadNormEpsilon { get; private init; } = Model.Layers.BlockShape.NormEpsilon;

    public TokenPooling Pooling { get; private init; }

    /// <summary>Classes of the head; 0 without one.</summary>
    public int Classes { get; private init; }

    /// <summary>Names of the classes, where the settings have as many as the head.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>The fusions whose layers the file has; the original saves all of them, whichever was trained.</summary>
    public IReadOnlyList<MotionFusion> Fusions { get; private init; } = [];

    public FrameRule FrameRule { get; private init; } = FrameRule.VideoMae;

    /// <summary>How each value was found, in sentences for the log.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>Reads what is known of a file or folder.</summary>
    /// <param name="path">As the user named it.</param>
    /// <param name="original">Its tensors under the original's names.</param>
    /// <param name="hints">What the user says of it.</param>
    /// <exception cref="WeightFileException">The network is none of this kind, its settings contradict its tensors, or what is needed is neither in the file nor in the hints.</exception>
    public static NetworkFacts Of(string path, WeightSet original, NetworkHints hints)
    {
        var shapes = ShapeFacts.Of(original);
        var folder = SettingsFolder(path);
        var config = folder is null ? null : HuggingFaceConfig.In(folder);
        var own = OwnSettings.SizeIn(original);
        var remarks = new List<string>();
        CheckAgainst(shapes, config);
        var size = own is not null ? OwnSize(original.Origin, own, shapes) with { Heads = hints.Heads ?? own.Heads } : WithPositions(original.Origin, SizeOf(path, shapes, config, hints, remarks), shapes, config, hints, remarks);
        var rule = (folder is null ? null : PreprocessorConfig.In(folder, size.ImageSize)) ?? FrameRule.VideoMae;
        remarks.AddRange(rule.Remarks);
        return new NetworkFacts
        {
            Origin = original.Origin,
            Size = size,
            KnowsClips = own is not null || config is not null || shapes.Positions is not null,
            KnowsPositions = own is not null,
            SettingsHeads = own?.Heads ?? config?.Heads,
            HasDecoder = shapes.Decoder is not null,
            KnowsDecoderHeads = own is not null || config?.DecoderHeads is not null || (shapes.Decoder is var (width, _) && KnownHeads.OfDecoder(width) is not null),
            NormEpsilon = config?.NormEpsilon ?? Model.Layers.BlockShape.NormEpsilon,
            HeadNormEpsilon = config?.HeadNormEpsilon ?? Model.Layers.BlockShape.NormEpsilon,
            Pooling = PoolingOf(original.Origin, shapes, config),
            Classes = shapes.Classes,
            Labels = config?.Labels,
            Fusions = [.. shapes.HasCrossAttention ? [MotionFusion.MultiHeadCrossAttention] : Array.Empty<MotionFusion>(), .. shapes.HasSoftAttention ? [MotionFusion.SoftAttention] : Array.Empty<MotionFusion>()],
            FrameRule = rule,
            Remarks = remarks,
        };
    }

    /// <summary>The folder whose settings belong to the weights: the folder that was named, or that of a file with one of HuggingFace's names.</summary>
    private static string? SettingsFolder(string path) => Directory.Exists(path) ? path
        : Path.GetFileName(path) is var name && (name.StartsWith("model.safetensors", StringComparison.Ordinal) || name.StartsWith("pytorch_model", StringComparison.Ordinal) || name.StartsWith("model-0", StringComparison.Ordinal))
            ? Path.GetDirectoryName(Path.GetFullPath(path))
            : null;

    /// <summary>The size that this library wrote beside the weights, which must be theirs.</summary>
    private static VitConfig OwnSize(string origin, VitConfig own, ShapeFacts shapes)
    {
        var found = (shapes.Width, shapes.Depth, shapes.PatchSize, shapes.TubeletSize);
        return found == (own.EmbedDim, own.Depth, own.PatchSize, own.TubeletSize) ? own : throw new WeightFileException(
            origin, null, string.Create(CultureInfo.InvariantCulture, $"a size of {own.Depth} blocks of width {own.EmbedDim} in its metadata"),
            string.Create(CultureInfo.InvariantCulture, $"{shapes.Depth} blocks of width {shapes.Width}, as its tensors have"));
    }

    private static VitConfig SizeOf(string path, ShapeFacts shapes, HuggingFaceConfig? config, NetworkHints hints, List<string> remarks)
    {
        var inForce = hints.Heads ?? config?.Heads ?? KnownHeads.OfEncoder(shapes.Width) ?? throw new WeightFileException(
            path, null, string.Create(CultureInfo.InvariantCulture, $"a network of width {shapes.Width}, which is no published one"), "the number of attention heads in the options (Heads): the weights do not contain it");
        if (hints.Heads is null && config is null)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{inForce} attention heads are taken for a width of {shapes.Width}, as the published networks have; the weights do not contain this number."));
        }

        var size = new VitConfig
        {
            ImageSize = config?.ImageSize ?? hints.ImageSize ?? UsualImageSize,
            Frames = config?.Frames ?? hints.Frames ?? UsualFrames,
            PatchSize = shapes.PatchSize,
            TubeletSize = shapes.TubeletSize,
            EmbedDim = shapes.Width,
            Depth = shapes.Depth,
            Heads = inForce,
            MlpRatio = shapes.MlpRatio,
        };
        return shapes.Decoder is not var (width, depth) ? size
            : size with { DecoderDim = width, DecoderDepth = depth, DecoderHeads = config?.DecoderHeads ?? KnownHeads.OfDecoder(width) ?? 1 };
    }

    /// <summary>Takes the clips that a stored table was made for, and the table itself where it is not the computed one.</summary>
    private static VitConfig WithPositions(string origin, VitConfig size, ShapeFacts shapes, HuggingFaceConfig? config, NetworkHints hints, List<string> remarks)
    {
        if (shapes.Positions is not { } table)
        {
            remarks.AddRange(config is null && (hints.Frames is null || hints.ImageSize is null) ? [string.Create(CultureInfo.InvariantCulture, $"{size.Frames} frames of {size.ImageSize} pixels are taken, as the published networks have; the weights do not contain these numbers.")] : []);
            return size;
        }

        var rows = (int)table.Shape[1];
        if (size.TokenGrid.Tokens != rows)
        {
            if (config is not null || hints is { Frames: not null, ImageSize: not null })
            {
                throw new WeightFileException(
                    origin, table.Source, table.Description, string.Create(CultureInfo.InvariantCulture, $"positions of {size.TokenGrid.Tokens} tokens, as {config?.Path ?? "PositionFrames and PositionImageSize"} say"));
            }

            var (frames, side) = TrainedGrid.Of(origin, rows, size.TubeletSize, size.PatchSize, hints.Asked);
            size = size with { Frames = frames, ImageSize = side };
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{frames} frames of {side} pixels follow from the {rows} rows of {table.Source}."));
        }

        if (PositionTable.IsComputed(table))
        {
            return size;
        }

        remarks.Add($"The positions stored as {table.Source} are not the computed ones and are used as they are.");
        return size with { Positions = TokenPositions.Stored };
    }

    private static TokenPooling PoolingOf(string origin, ShapeFacts shapes, HuggingFaceConfig? config) => (shapes.HasPooledNorm, shapes.HasTokenNorm) switch
    {
        (true, true) => throw new WeightFileException(origin, "norm.weight", "a norm of the tokens beside one of the pooled vector (fc_norm)", "one of the two"),
        (true, false) => TokenPooling.MeanThenNorm,
        (false, true) when shapes.Classes > 0 && config?.MeanPooling is false => TokenPooling.NormThenFirst,
        (false, true) => TokenPooling.NormThenMean,
        _ => TokenPooling.Mean,
    };

    private static void CheckAgainst(ShapeFacts shapes, HuggingFaceConfig? config)
    {
        foreach (var (name, value) in config?.Sizes ?? new Dictionary<string, int>())
        {
            var found = name switch
            {
                "patch_size" => shapes.PatchSize,
                "tubelet_size" => shapes.TubeletSize,
                "hidden_size" or "embed_dim" => shapes.Width,
                "num_hidden_layers" or "depth" => shapes.Depth,
                "intermediate_size" => shapes.Hidden,
                _ => value,
            };
            if (found != value)
            {
                throw new WeightFileException(
                    config!.Path, null, string.Create(CultureInfo.InvariantCulture, $"{name} = {value}"), string.Create(CultureInfo.InvariantCulture, $"{found}, as the tensors beside it have"));
            }
        }
    }
}
