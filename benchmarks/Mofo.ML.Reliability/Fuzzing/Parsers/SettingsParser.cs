using System.Text;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>The JSON files of a HuggingFace folder: config.json, preprocessor_config.json, and the index of a model in shards.</summary>
internal sealed class SettingsParser : Parser
{
    private readonly DirectoryInfo _folder;

    public SettingsParser(string scratch) => _folder = Directory.CreateDirectory(Path.Combine(scratch, "settings"));

    public override string Name => "settings";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "{\"model_type\":\"videomae\",\"image_size\":224,\"num_frames\":16,\"num_attention_heads\":12,\"decoder_num_attention_heads\":6,\"layer_norm_eps\":1e-12,\"use_mean_pooling\":true,\"patch_size\":16,\"tubelet_size\":2,"
                + "\"hidden_size\":768,\"num_hidden_layers\":12,\"intermediate_size\":3072,\"hidden_act\":\"gelu\",\"num_channels\":3,\"id2label\":{\"0\":\"swim\",\"1\":\"run\"}}",
            "{\"model_type\":\"VideoMAEv2_Base\",\"model_config\":{\"img_size\":224,\"num_frames\":16,\"num_heads\":12,\"embed_dim\":768,\"depth\":12,\"patch_size\":16,\"tubelet_size\":2,\"cos_attn\":false,\"init_values\":0.0}}",
            "{\"crop_size\":{\"height\":224,\"width\":224},\"size\":{\"shortest_edge\":224},\"do_resize\":true,\"do_center_crop\":true,\"do_normalize\":true,\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225],\"resample\":2,"
                + "\"rescale_factor\":0.00392156862745098}",
            "{\"metadata\":{\"total_size\":10},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}}",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IReadOnlyList<Mutation> Mutations => JsonMutations.All;

    public override void Read(byte[] input)
    {
        if (input.AsSpan().IndexOf("weight_map"u8) >= 0)
        {
            var index = Path.Combine(_folder.FullName, "model.safetensors.index.json");
            File.WriteAllBytes(index, input);
            ShardIndex.Open(index, _ => new WeightSet("shard", [])).Dispose();
        }
        else if (input.AsSpan().IndexOf("crop_size"u8) >= 0)
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, "preprocessor_config.json"), input);
            _ = PreprocessorConfig.In(_folder.FullName, 224);
        }
        else
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, "config.json"), input);
            _ = HuggingFaceConfig.In(_folder.FullName);
        }
    }

    public override bool Documents(Exception error) => error is WeightFileException;
}
