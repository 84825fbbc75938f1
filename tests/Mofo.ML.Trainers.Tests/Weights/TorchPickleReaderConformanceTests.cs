using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public class TorchPickleReaderConformanceTests
{
    [Theory]
    [InlineData("checkpoints/pretrain_checkpoint-4.pth")]
    [InlineData("checkpoints/pretrain_checkpoint-4_legacy.pth")]
    public void A_pretraining_checkpoint_is_read_bit_by_bit(string file)
    {
        using var expected = GoldenPack.Npz("checkpoints/pretrain_checkpoint-4_model.npz");
        using var set = TorchPickleReader.Open(GoldenPack.PathOf(file));
        Golden.AssertEqual(expected, set);
        Assert.Equal("model", set.Metadata[TorchPickleReader.PlaceKey]);
        Assert.Equal("", set.Metadata[TorchPickleReader.SkippedKey]);
    }

    [Fact]
    public void A_finetuned_model_is_read_bit_by_bit()
    {
        using var expected = GoldenPack.Npz("finetune/plain_weights.npz");
        using var set = TorchPickleReader.Open(GoldenPack.PathOf("checkpoints/finetune_plain_model_only.pth"));
        Golden.AssertEqual(expected, set);
    }

    [Theory]
    [InlineData("checkpoints/deepspeed_checkpoint-4/mp_rank_00_model_states.pt")]
    [InlineData("checkpoints/module_key_fp16_legacy.pth")]
    public void Half_precision_weights_of_DeepSpeed_are_read_bit_by_bit(string file)
    {
        using var expected = Safetensors.Open(GoldenPack.PathOf("checkpoints/deepspeed_checkpoint-4/module_fp16.safetensors"));
        using var set = TorchPickleReader.Open(GoldenPack.PathOf(file));
        Assert.Equal("module", set.Metadata[TorchPickleReader.PlaceKey]);
        Assert.Equal(expected.Names.Order(), set.Names.Order());
        Assert.All(set, tensor =>
        {
            Assert.Equal(expected[tensor.Name].Description, tensor.Description);
            Assert.Equal(WeightType.Float16, tensor.Type);
            Assert.Equal(expected[tensor.Name].ToArray(), tensor.ToArray());
        });
    }
}
