using System.Text.Json.Nodes;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights.Facts;

/// <summary>Folders as HuggingFace's <c>save_pretrained</c> writes them, with tiny networks.</summary>
internal static class HuggingFaceFolders
{
    public static readonly string[] Labels = ["abseiling", "air drumming", "answering questions"];

    /// <summary>Settings as transformers writes them for VideoMAE, of the tiny network.</summary>
    public static JsonObject Config(VitConfig? size = null, bool meanPooling = true, bool labels = true)
    {
        var model = size ?? TinyModels.Config;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("VideoMAEForVideoClassification"),
            ["decoder_hidden_size"] = model.DecoderDim,
            ["decoder_num_attention_heads"] = model.DecoderHeads,
            ["decoder_num_hidden_layers"] = model.DecoderDepth,
            ["hidden_act"] = "gelu",
            ["hidden_size"] = model.EmbedDim,
            ["image_size"] = model.ImageSize,
            ["intermediate_size"] = (int)(model.EmbedDim * model.MlpRatio),
            ["layer_norm_eps"] = 1e-12,
            ["model_type"] = "videomae",
            ["num_attention_heads"] = model.Heads,
            ["num_channels"] = 3,
            ["num_frames"] = model.Frames,
            ["num_hidden_layers"] = model.Depth,
            ["patch_size"] = model.PatchSize,
            ["qkv_bias"] = true,
            ["tubelet_size"] = model.TubeletSize,
            ["use_mean_pooling"] = meanPooling,
        };
        if (labels)
        {
            config["id2label"] = new JsonObject(Labels.Select((label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label)));
        }

        return config;
    }

    /// <summary>Settings of the frames as today's transformers writes them.</summary>
    public static JsonObject Preprocessor(int imageSize = 32, int? shortestEdge = null) => new()
    {
        ["crop_size"] = new JsonObject { ["height"] = imageSize, ["width"] = imageSize },
        ["do_center_crop"] = true,
        ["do_normalize"] = true,
        ["do_rescale"] = true,
        ["do_resize"] = true,
        ["image_mean"] = new JsonArray(0.485, 0.456, 0.406),
        ["image_processor_type"] = "VideoMAEImageProcessor",
        ["image_std"] = new JsonArray(0.229, 0.224, 0.225),
        ["resample"] = 2,
        ["rescale_factor"] = 0.00392156862745098,
        ["size"] = new JsonObject { ["shortest_edge"] = shortestEdge ?? imageSize },
    };

    public static string Write(string folder, IReadOnlyList<WeightTensor> tensors, JsonObject? config = null, JsonObject? preprocessor = null, int shards = 1)
    {
        Directory.CreateDirectory(folder);
        _ = shards > 1 ? CheckpointFiles.WriteShards(folder, tensors, shards) : CheckpointFiles.WriteSafetensors(Path.Combine(folder, "model.safetensors"), tensors);
        File.WriteAllText(Path.Combine(folder, "config.json"), (config ?? Config()).ToJsonString());
        if (preprocessor is not null)
        {
            File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), preprocessor.ToJsonString());
        }

        return folder;
    }
}
