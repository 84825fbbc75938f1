using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class ShardIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-shards-").FullName;
    private readonly List<WeightTensor> _tensors = CheckpointFiles.AsHuggingFace(CheckpointFiles.Pretraining());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("model", "safetensors")]
    [InlineData("pytorch_model", "bin")]
    public void A_model_in_shards_is_read_by_its_folder_its_index_and_any_of_its_shards(string stem, string extension)
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 3, stem, extension);
        foreach (var path in new[] { _folder, $"{_folder}/{stem}.{extension}.index.json", $"{_folder}/{stem}-00002-of-00003.{extension}" })
        {
            using var set = WeightFiles.Open(path);
            Assert.Equal(_tensors.Count, set.Count);
            Assert.All(_tensors, tensor => Assert.Equal(tensor.ToArray(), set[tensor.Name].ToArray()));
            Assert.True(MofoWeights.CheckForPretraining(path, TinyModels.Config).IsComplete);
        }
    }

    [Fact]
    public void A_missing_shard_is_named_together_with_the_index()
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 3);
        File.Delete(Path.Combine(_folder, "model-00002-of-00003.safetensors"));
        var e = Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder));
        Assert.EndsWith("model.safetensors.index.json", e.File);
        Assert.Equal("3 shards named, of which model-00002-of-00003.safetensors is missing", e.Found);
    }

    [Fact]
    public void A_shard_without_its_index_is_refused_and_the_message_names_both()
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 2);
        File.Delete(Path.Combine(_folder, "model.safetensors.index.json"));
        var e = Assert.Throws<WeightFileException>(() => WeightFiles.Open(Path.Combine(_folder, "model-00001-of-00002.safetensors")));
        Assert.EndsWith("found one of 2 shards without their index; expected model.safetensors.index.json and all shards beside it.", e.Message);
    }

    [Fact]
    public void A_tensor_that_is_not_in_the_shard_that_the_index_names_is_named()
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 2);
        ChangeMap(map => map[_tensors[0].Name] = "model-00002-of-00002.safetensors");
        var e = Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder));
        Assert.Equal((_tensors[0].Name, "no such tensor in model-00002-of-00002.safetensors"), (e.Tensor, e.Found));
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void An_index_that_names_files_elsewhere_is_refused(string shard)
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 2);
        ChangeMap(map => map[_tensors[0].Name] = shard);
        Assert.Contains($"the shard '{shard}'", Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder)).Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"weight_map\": 3}")]
    [InlineData("{\"weight_map\": {\"a\": 3}}")]
    [InlineData("{\"weight_map\": {\"a\": null}}")]
    [InlineData("{\"weight_map\": {")]
    [InlineData("{\"weight_map\": {\"a\": \"b\", \"a\": \"c\"}}")]
    [InlineData("{\"weight_map\": {\"a\": \"\\ud800\"}}")]
    [InlineData("{\"weight_map\": {\"\\udc00\": \"b\"}}")]
    public void A_damaged_index_is_refused(string json)
    {
        var path = Path.Combine(_folder, "model.safetensors.index.json");
        File.WriteAllText(path, json);
        Assert.Equal(path, Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder)).File);
    }

    [Theory]
    [InlineData("model.safetensors.index.json", "an index of 16777217 bytes")]
    [InlineData("config.json", "16777217")]
    public void The_size_of_what_a_link_leads_to_is_limited(string name, string found)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets few users make links.");

        // HuggingFace's cache has a link in place of every file.
        CheckpointFiles.WriteShards(_folder, _tensors, 2);
        var blob = Path.Combine(_folder, "blob");
        using (var stream = File.Create(blob))
        {
            stream.WriteByte((byte)'{'); // as JSON begins
            stream.SetLength((16 << 20) + 1);
        }

        var link = Path.Combine(_folder, name);
        File.Delete(link);
        File.CreateSymbolicLink(link, blob);
        Assert.Contains(found, Assert.Throws<WeightFileException>(() => name == "config.json" ? ConfigJson.Read(link) : (object)WeightFiles.Open(_folder)).Message);
    }

    [Fact]
    public void The_files_of_a_set_are_closed_with_it()
    {
        CheckpointFiles.WriteShards(_folder, _tensors, 2);
        var set = WeightFiles.Open(_folder);
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(() => set[_tensors[0].Name].ToArray());
    }

    [Fact]
    public void The_reported_folder_its_index_and_its_shards_are_complete()
    {
        var folder = SharedCases.PathOf("12-hf-sharded/hf_sharded");
        foreach (var path in Directory.GetFiles(folder).Append(folder))
        {
            Assert.True(MofoWeights.CheckForPretraining(path, ReportedSize.Config).IsComplete, path);
            Assert.True(MofoWeights.CheckForFinetuning(path, ReportedSize.Config, 5).IsComplete, path);
        }
    }

    private void ChangeMap(Action<JsonObject> change)
    {
        var path = Path.Combine(_folder, "model.safetensors.index.json");
        var index = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(index["weight_map"]!.AsObject());
        File.WriteAllText(path, index.ToJsonString());
    }
}
