using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Batches of more than 2 GiB of pixels. The memory is only reserved: a page that nothing writes costs nothing.</summary>
public sealed class LargeBatchTests
{
    [Fact]
    public void Clips_beyond_two_gibibytes_are_reached()
    {
        // 250 clips of ViT-B's size.
        using var scope = NewDisposeScope();
        using var batch = empty([250, 3, 16, 224, 224], ScalarType.Float32, CPU);
        Assert.True(batch.numel() * 4 > int.MaxValue);
        foreach (var clip in (int[])[0, 222, 223, 249])
        {
            var values = TensorMemory.Entry(batch, clip);
            Assert.Equal(3 * 16 * 224 * 224, values.Length);
            values[^1] = clip + 0.5f;
            Assert.Equal(clip + 0.5f, batch[clip, 2, 15, 223, 223].item<float>());
        }
    }

    [Fact]
    public unsafe void The_address_of_a_tensor_is_that_of_its_first_value_whatever_its_size()
    {
        using var scope = NewDisposeScope();
        using var scores = empty([4, 12, 5120, 5120], ScalarType.BFloat16, CPU);
        Assert.True(scores.numel() * 2 > int.MaxValue);
        _ = scores[0, 0, 0].fill_(1);
        Assert.Equal(0x3F80, *(ushort*)TensorMemory.Address(scores));

        using var small = tensor(new float[] { 3, 4 });
        fixed (byte* first = small.bytes)
        {
            Assert.Equal((nint)first, TensorMemory.Address(small));
        }
    }

    [Fact]
    public void A_part_of_a_larger_tensor_has_its_own_address()
    {
        using var scope = NewDisposeScope();
        using var whole = arange(12).to(ScalarType.Float32).view(3, 4);
        using var part = whole.narrow(0, 1, 2);
        unsafe
        {
            Assert.Equal(4f, *(float*)TensorMemory.Address(part));
        }

        Assert.Equal([8f, 9f, 10f, 11f], TensorMemory.Entry(part, 1).ToArray());
    }
}
