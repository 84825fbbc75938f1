using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mofo.ML.Cli.Tests;

/// <summary>A folder as transformers' <c>save_pretrained</c> writes it for VideoMAE, with a tiny network of random weights.</summary>
internal static class PublishedWeights
{
    public static readonly string[] Classes = ["abseiling", "air drumming", "answering questions"];

    private const int Width = 32;
    private const int Hidden = 64;
    private const int Frames = 4;
    private const int ImageSize = 32;
    private const int Patch = 16;

    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), new JsonObject
        {
            ["model_type"] = "videomae",
            ["architectures"] = new JsonArray("VideoMAEForVideoClassification"),
            ["hidden_size"] = Width,
            ["intermediate_size"] = Hidden,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = 2,
            ["num_frames"] = Frames,
            ["image_size"] = ImageSize,
            ["patch_size"] = Patch,
            ["tubelet_size"] = 2,
            ["num_channels"] = 3,
            ["qkv_bias"] = true,
            ["layer_norm_eps"] = 1e-12,
            ["use_mean_pooling"] = true,
            ["id2label"] = new JsonObject(Classes.Select((label, i) => KeyValuePair.Create(Invariant($"{i}"), (JsonNode?)label))),
        }.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), """
            { "do_resize": true, "size": { "shortest_edge": 32 }, "do_center_crop": true, "crop_size": { "height": 32, "width": 32 }, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }
            """);
        WriteSafetensors(Path.Combine(folder, "model.safetensors"), Shapes());
        return folder;
    }

    private static IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        yield return ("videomae.embeddings.patch_embeddings.projection.weight", [Width, 3, 2, Patch, Patch]);
        yield return ("videomae.embeddings.patch_embeddings.projection.bias", [Width]);
        const string Layer = "videomae.encoder.layer.0.";
        foreach (var name in (string[])["query", "key", "value"])
        {
            yield return ($"{Layer}attention.attention.{name}.weight", [Width, Width]);
        }

        yield return (Layer + "attention.attention.q_bias", [Width]);
        yield return (Layer + "attention.attention.v_bias", [Width]);
        foreach (var (name, rows, columns) in ((string, long, long)[])[("attention.output.dense", Width, Width), ("intermediate.dense", Hidden, Width), ("output.dense", Width, Hidden)])
        {
            yield return ($"{Layer}{name}.weight", [rows, columns]);
            yield return ($"{Layer}{name}.bias", [rows]);
        }

        foreach (var name in (string[])[Layer + "layernorm_before", Layer + "layernorm_after", "fc_norm"])
        {
            yield return (name + ".weight", [Width]);
            yield return (name + ".bias", [Width]);
        }

        yield return ("classifier.weight", [Classes.Length, Width]);
        yield return ("classifier.bias", [Classes.Length]);
    }

    private static void WriteSafetensors(string path, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var random = new Random(1);
        var (header, values) = (new JsonObject(), new List<float>());
        foreach (var (name, shape) in tensors)
        {
            var begin = values.Count * sizeof(float);
            values.AddRange(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) / 2));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(begin, values.Count * sizeof(float)),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
    }
}
