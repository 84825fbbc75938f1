using FsCheck.Xunit;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class WrapperNamesTests : IDisposable
{
    private static readonly string[] Wrappers = ["_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-wrappers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("_orig_mod.encoder.blocks.0.norm1.bias", "blocks.0.norm1.bias")]
    [InlineData("module._orig_mod.blocks.0.norm1.bias", "blocks.0.norm1.bias")]
    [InlineData("_orig_mod.module.module.model.encoder.norm.bias", "norm.bias")]
    [InlineData("encoder._orig_mod.blocks.3._checkpoint_wrapped_module.mlp.fc1.bias", "blocks.3.mlp.fc1.bias")]
    [InlineData("net.module.encoder.norm.bias", "norm.bias")]
    [InlineData("module.network.blocks.0.norm1.bias", "blocks.0.norm1.bias")]
    [InlineData("module", "module")]
    [InlineData("_orig_mod", "_orig_mod")]
    public void Names_lose_their_wrappers(string name, string bare) => Assert.Equal(bare, WrapperNames.Without(name));

    [Property]
    public void Any_order_and_nesting_of_wrappers_gives_the_same_name(byte[] order, byte[] places)
    {
        List<string> parts = ["blocks", "11", "attn", "qkv", "weight"];
        for (var i = 0; i < order.Length; i++)
        {
            var place = places.Length == 0 ? 0 : places[i % places.Length] % 5; // never behind the last part
            parts.Insert(place, Wrappers[order[i] % Wrappers.Length]);
        }

        Assert.Equal("blocks.11.attn.qkv.weight", WrapperNames.Without(string.Join('.', parts)));
    }

    [Theory]
    [InlineData("_orig_mod.")]
    [InlineData("module.")]
    [InlineData("_orig_mod.module.")]
    [InlineData("module._orig_mod.")]
    [InlineData("model._orig_mod.")]
    public void A_wrapped_checkpoint_is_complete_for_pretraining_and_finetuning(string prefix)
    {
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "w.pth"), "state_dict", CheckpointFiles.Pretraining().Select(tensor => tensor.Renamed(prefix + tensor.Name)));
        AssertComplete(path, TinyModels.Config);
    }

    [Fact]
    public void A_wrapped_checkpoint_under_HuggingFaces_names_is_complete()
    {
        var tensors = CheckpointFiles.AsHuggingFace(CheckpointFiles.Pretraining()).Select(tensor => tensor.Renamed("_orig_mod.module." + tensor.Name));
        AssertComplete(CheckpointFiles.WriteSafetensors(Path.Combine(_folder, "w.safetensors"), tensors), TinyModels.Config);
    }

    [Fact]
    public void The_counter_of_an_averaged_model_is_ignored_whatever_the_weights_are_for()
    {
        var counter = WeightTensor.FromMemory("n_averaged", WeightType.Int64, [], BitConverter.GetBytes(7L));
        var path = CheckpointFiles.WriteTorch(
            Path.Combine(_folder, "swa.pth"), "state_dict", [counter, .. CheckpointFiles.Pretraining().Select(tensor => tensor.Renamed("module." + tensor.Name))]);
        AssertComplete(path, TinyModels.Config);
        Assert.Equal(["n_averaged"], MofoWeights.CheckForPretraining(path, TinyModels.Config).Ignored);
    }

    [Theory]
    [InlineData("model_ema")]
    [InlineData("state_dict_ema")]
    [InlineData("model_state_dict")]
    public void Weights_are_found_under_the_keys_that_training_programs_use(string key)
    {
        AssertComplete(CheckpointFiles.WriteTorch(Path.Combine(_folder, "w.pth"), key, CheckpointFiles.Pretraining()), TinyModels.Config);
    }

    [Theory]
    [InlineData("09-torch-compile/compiled.pth")]
    [InlineData("09-torch-compile/ddp_compiled.pth")]
    public void Reported_checkpoints_of_compiled_models_are_complete(string file) => AssertComplete(SharedCases.PathOf(file), ReportedSize.Config);

    private static void AssertComplete(string path, VitConfig config)
    {
        var pretraining = MofoWeights.CheckForPretraining(path, config);
        Assert.True(pretraining.IsComplete, pretraining.ToString());
        Assert.Empty(pretraining.LeftAtInitialValues);
        var finetuning = MofoWeights.CheckForFinetuning(path, config, classes: 5);
        Assert.True(finetuning.IsComplete, finetuning.ToString());
        Assert.Contains("blocks.1.attn.qkv.weight", finetuning.Loaded);
    }
}
