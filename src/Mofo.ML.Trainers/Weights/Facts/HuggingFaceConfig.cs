namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>What <c>config.json</c> says of a network: transformers' VideoMAEConfig, or the one that OpenGVLab's VideoMAE V2 folders carry.</summary>
/// <remarks>Where an entry is missing the library's own default holds (transformers, configuration_videomae.py).</remarks>
internal sealed record HuggingFaceConfig
{
    private const string FileName = "config.json";

    public required string Path { get; init; }

    public int ImageSize { get; private init; }

    public int Frames { get; private init; }

    public int Heads { get; private init; }

    public int? DecoderHeads { get; private init; }

    /// <summary>Added to the variance by the norms of the blocks.</summary>
    public double NormEpsilon { get; private init; }

    /// <summary>The same of the norm before the head: transformers leaves it at torch's default there.</summary>
    public double HeadNormEpsilon { get; private init; }

    /// <summary>Whether a head sees the mean over the tokens; else it sees the first token.</summary>
    public bool MeanPooling { get; private init; }

    /// <summary>Names of the classes; null where the file has none.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>Values that the shapes of the tensors must agree with, by the name of their entry.</summary>
    public IReadOnlyDictionary<string, int> Sizes { get; private init; } = new Dictionary<string, int>();

    /// <summary>The file in the folder of the weights, where it describes a VideoMAE; null where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="WeightFileException">It describes another network, or one that this library does not have.</exception>
    public static HuggingFaceConfig? In(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(path) : null;
    }

    private static HuggingFaceConfig Read(string path)
    {
        var json = ConfigJson.Read(path);
        var type = json.Text("model_type") ?? "";
        return type == "videomae" ? OfTransformers(path, json)
            : type.StartsWith("VideoMAEv2", StringComparison.OrdinalIgnoreCase) && json.Section("model_config") is { } inner ? OfVersion2(path, inner)
            : throw json.Wrong("model_type", "videomae, or VideoMAEv2 with a model_config");
    }

    private static HuggingFaceConfig OfTransformers(string path, ConfigJson json)
    {
        Require(json, "num_channels", json.Count("num_channels") is null or 3, "3: networks here see red, green and blue");
        Require(json, "hidden_act", json.Text("hidden_act") is null or "gelu", "gelu, the only activation that the blocks here have");
        return new HuggingFaceConfig
        {
            Path = path,
            ImageSize = json.Side("image_size") ?? 224,
            Frames = json.Count("num_frames") ?? 16,
            Heads = json.Count("num_attention_heads") ?? 12,
            DecoderHeads = json.Count("decoder_num_attention_heads") ?? 6,
            NormEpsilon = json.Number("layer_norm_eps") ?? 1e-12,
            HeadNormEpsilon = 1e-5,
            MeanPooling = json.Flag("use_mean_pooling") ?? true,
            Labels = json.Names("id2label"),
            Sizes = SizesIn(json, ("patch_size", json.Side), ("tubelet_size", json.Count), ("hidden_size", json.Count), ("num_hidden_layers", json.Count), ("intermediate_size", json.Count)),
        };
    }

    private static HuggingFaceConfig OfVersion2(string path, ConfigJson json)
    {
        Require(json, "in_chans", json.Count("in_chans") is null or 3, "3: networks here see red, green and blue");
        Require(json, "cos_attn", json.Flag("cos_attn") is not true, "false: the blocks here have no cosine attention");
        Require(json, "init_values", json.Number("init_values") is null or 0, "0: the blocks here have no layer scale");
        var epsilon = json.Number("layer_norm_eps") ?? 1e-6;
        return new HuggingFaceConfig
        {
            Path = path,
            ImageSize = json.Side("img_size") ?? 224,
            Frames = json.Count("num_frames") ?? json.Count("all_frames") ?? 16,
            Heads = json.Count("num_heads") ?? throw json.Wrong("num_heads", "the number of attention heads"),
            NormEpsilon = epsilon,
            HeadNormEpsilon = epsilon,
            MeanPooling = json.Flag("use_mean_pooling") ?? true,
            Sizes = SizesIn(json, ("patch_size", json.Side), ("tubelet_size", json.Count), ("embed_dim", json.Count), ("depth", json.Count)),
        };
    }

    private static Dictionary<string, int> SizesIn(ConfigJson json, params (string Name, Func<string, int?> Read)[] entries) =>
        entries.Where(entry => json.Has(entry.Name)).ToDictionary(entry => entry.Name, entry => entry.Read(entry.Name)!.Value);

    private static void Require(ConfigJson json, string name, bool holds, string expected)
    {
        if (!holds)
        {
            throw json.Wrong(name, expected);
        }
    }
}
