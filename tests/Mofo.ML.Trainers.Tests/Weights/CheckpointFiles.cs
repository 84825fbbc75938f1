using System.Globalization;
using System.Text.Json.Nodes;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

/// <summary>Checkpoints of tiny models in the layouts of others, written without their code.</summary>
internal static class CheckpointFiles
{
    /// <summary>Writes what <c>torch.save({key: tensors})</c> would; no key puts the tensors at the top.</summary>
    public static string WriteTorch(string path, string? key, IEnumerable<WeightTensor> tensors)
    {
        var all = tensors.ToList();
        void Content(PickleBytes pickle)
        {
            for (var i = 0; i < all.Count; i++)
            {
                var strides = new long[all[i].Shape.Length];
                var elements = 1L;
                for (var axis = strides.Length - 1; axis >= 0; axis--)
                {
                    strides[axis] = elements;
                    elements *= all[i].Shape[axis];
                }

                var storage = all[i].Type switch { WeightType.Int64 => "LongStorage", WeightType.Float16 => "HalfStorage", _ => "FloatStorage" };
                _ = pickle.Text(all[i].Name).Tensor(storage, i.ToString(CultureInfo.InvariantCulture), all[i].ElementCount, 0, [.. all[i].Shape], strides);
            }
        }

        var pickle = key is null ? PickleBytes.Dictionary(Content) : PickleBytes.Dictionary(p =>
        {
            _ = p.Text(key).OrderedDict.Mark;
            Content(p);
            _ = p.SetItems;
        });
        File.WriteAllBytes(path, TorchFiles.Zip(pickle, [.. all.Select((tensor, i) => (i.ToString(CultureInfo.InvariantCulture), tensor.ToArray()))]));
        return path;
    }

    public static string WriteSafetensors(string path, IEnumerable<WeightTensor> tensors)
    {
        Safetensors.Save(path, [.. tensors], new Dictionary<string, string> { ["format"] = "pt" });
        return path;
    }

    /// <summary>Splits tensors over so many files beside an index, as <c>save_pretrained</c> does.</summary>
    /// <returns>The folder.</returns>
    public static string WriteShards(string folder, IReadOnlyList<WeightTensor> tensors, int shards, string stem = "model", string extension = "safetensors")
    {
        Directory.CreateDirectory(folder);
        var map = new JsonObject();
        var perShard = (tensors.Count + shards - 1) / shards;
        for (var shard = 0; shard < shards; shard++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{shard + 1:00000}-of-{shards:00000}.{extension}");
            var part = tensors.Skip(shard * perShard).Take(perShard).ToList();
            part.ForEach(tensor => map[tensor.Name] = name);
            _ = extension == "bin" ? WriteTorch(Path.Combine(folder, name), null, part) : WriteSafetensors(Path.Combine(folder, name), part);
        }

        File.WriteAllText(Path.Combine(folder, $"{stem}.{extension}.index.json"), new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map }.ToJsonString());
        return folder;
    }

    /// <summary>The tensors of a tiny pretraining model, under the original's names.</summary>
    public static List<WeightTensor> Pretraining(VitConfig? config = null)
    {
        using var generator = new Generator(3);
        using var model = new MaskedAutoencoder(config ?? TinyModels.Config, generator);
        using var set = ModuleWeights.Export(model, "model");
        return [.. set.Select(tensor => InMemory(tensor))];
    }

    /// <summary>The tensors of a tiny classifier, under the original's names, all of them random.</summary>
    public static List<WeightTensor> Classifier(MotionFusion fusion = MotionFusion.None, int classes = 3, VitConfig? config = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var generator = new Generator(4);
        var model = new VideoClassifier(config ?? TinyModels.Config, new ClassifierShape(classes, fusion) { HeadScale = 1 }, generator);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                _ = parameter.normal_(name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, 0.2, generator);
            }
        }

        using var set = ModuleWeights.Export(model, "model");
        return [.. set.Select(tensor => InMemory(tensor))];
    }

    /// <summary>The same tensors under names as MMAction2 has them, with the table of positions that it stores.</summary>
    public static List<WeightTensor> AsMmAction2(IEnumerable<WeightTensor> classifier, VitConfig? config = null)
    {
        var size = config ?? TinyModels.Config;
        var positions = Mofo.ML.Trainers.Model.Layers.SinusoidPositions.Values(size.TokenGrid, size.TokenGrid, size.EmbedDim);
        return
        [
            WeightTensor.FromMemory("backbone.pos_embed", WeightType.Float32, [1, size.Tokens, size.EmbedDim], TorchFiles.Bytes(positions)),
            .. classifier.Select(tensor => tensor.Renamed(MmAction2Name(tensor.Name))),
        ];
    }

    /// <summary>The same tensors under HuggingFace's names.</summary>
    public static List<WeightTensor> AsHuggingFace(IEnumerable<WeightTensor> tensors)
    {
        using var set = new WeightSet("model", tensors);
        using var renamed = ParameterNames.ToHuggingFace(set);
        return [.. renamed.Select(tensor => InMemory(tensor))];
    }

    private static string MmAction2Name(string name) => name.StartsWith("head.", StringComparison.Ordinal)
        ? "cls_head.fc_cls." + name["head.".Length..]
        : "backbone." + name.Replace("patch_embed.proj.", "patch_embed.projection.", StringComparison.Ordinal)
            .Replace("mlp.fc1.", "mlp.layers.0.0.", StringComparison.Ordinal).Replace("mlp.fc2.", "mlp.layers.1.", StringComparison.Ordinal);

    /// <summary>A copy whose bytes lie in memory, so that the file it came from may be closed.</summary>
    private static WeightTensor InMemory(WeightTensor tensor) => WeightTensor.FromMemory(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), tensor.ToArray());
}
