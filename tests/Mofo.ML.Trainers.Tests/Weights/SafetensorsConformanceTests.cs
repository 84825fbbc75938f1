using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public class SafetensorsConformanceTests
{
    [Theory]
    [InlineData("checkpoints/pretrain_init")]
    [InlineData("checkpoints/pretrain_checkpoint-4_model")]
    [InlineData("finetune/plain_weights")]
    [InlineData("finetune/bb_focused_weights")]
    public void Files_of_the_original_hold_the_same_bytes_as_their_npz(string name)
    {
        using var expected = GoldenPack.Npz(name + ".npz");
        using var set = Safetensors.Open(GoldenPack.PathOf(name + ".safetensors"));
        Golden.AssertEqual(expected, set);
    }

    [Fact]
    public void A_file_of_the_original_written_again_reads_the_same()
    {
        using var expected = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        using var set = Safetensors.Open(GoldenPack.PathOf("checkpoints/pretrain_init.safetensors"));
        using var memory = new MemoryStream();
        Safetensors.Write(memory, set, set.Metadata);
        memory.Position = 0;
        using var again = Safetensors.Read(memory, "memory");
        Golden.AssertEqual(expected, again);
    }
}

/// <summary>Bit-exact comparison of weights with an .npz of the golden pack.</summary>
internal static class Golden
{
    public static void AssertEqual(NpzFile expected, WeightSet found)
    {
        Assert.Equal(expected.Names.Order(), found.Names.Order());
        foreach (var tensor in found)
        {
            var array = expected[tensor.Name];
            Assert.Equal(array.Shape, tensor.Shape.ToArray());
            Assert.Equal(array.Type, tensor.Type switch { WeightType.Float32 => "f4", WeightType.Float16 => "f2", WeightType.Int64 => "i8", _ => tensor.Type.ToString() });
            Assert.True(array.Bytes.AsSpan().SequenceEqual(tensor.ToArray()), $"{tensor.Name} differs");
        }
    }
}
