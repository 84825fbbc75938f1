using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

public class ModuleWeightsTests
{
    [Fact]
    public void A_module_written_and_read_back_has_the_same_values()
    {
        using var from = Norm();
        using var to = Norm();
        using var memory = new MemoryStream();
        using (var set = ModuleWeights.Export(from, "model"))
        {
            Safetensors.Write(memory, set);
        }

        memory.Position = 0;
        using var read = Safetensors.Read(memory, "memory");
        ModuleWeights.Import(to, read);

        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], from.state_dict().Keys);
        Assert.All(from.state_dict(), pair => Assert.Equal(pair.Value.bytes.ToArray(), to.state_dict()[pair.Key].bytes.ToArray()));
    }

    [Fact]
    public void Parameters_can_still_be_trained_after_an_import()
    {
        using var module = nn.Linear(2, 1);
        using var set = new WeightSet("memory", [Single("weight", [1, 2], 1, 2), Single("bias", [1], 3)]);
        ModuleWeights.Import(module, set);

        using var loss = module.call(ones(1, 2)).sum();
        loss.backward();
        Assert.Equal(6, loss.item<float>());
        Assert.NotNull(module.weight!.grad);
    }

    [Fact]
    public void Values_are_converted_to_the_type_of_the_parameter()
    {
        using var module = nn.Linear(2, 1);
        using var set = new WeightSet("memory", [
            WeightTensor.FromMemory("weight", WeightType.Float16, [1, 2], new byte[] { 0, 0x3c, 0, 0x40 }),
            WeightTensor.FromMemory("bias", WeightType.BFloat16, [1], new byte[] { 0x40, 0x40 })]);
        ModuleWeights.Import(module, set);
        Assert.Equal([1f, 2f], module.weight!.data<float>().ToArray());
        Assert.Equal([3f], module.bias!.data<float>().ToArray());
    }

    [Fact]
    public void Transposed_and_sliced_tensors_are_written_row_by_row()
    {
        using var tensor = arange(6, ScalarType.Int32).reshape(2, 3);
        using var view = tensor.t()[1..];
        Assert.Equal(new[] { 1, 4, 2, 5 }.SelectMany(BitConverter.GetBytes), ModuleWeights.FromTensor("view", view).ToArray());
    }

    [Theory]
    [InlineData(nameof(WeightType.Float32))]
    [InlineData(nameof(WeightType.Float16))]
    [InlineData(nameof(WeightType.BFloat16))]
    [InlineData(nameof(WeightType.Float64))]
    [InlineData(nameof(WeightType.Int64))]
    [InlineData(nameof(WeightType.Int32))]
    [InlineData(nameof(WeightType.Int16))]
    [InlineData(nameof(WeightType.Int8))]
    [InlineData(nameof(WeightType.UInt8))]
    [InlineData(nameof(WeightType.Bool))]
    public void Every_type_goes_to_torch_and_back(string typeName)
    {
        var type = Enum.Parse<WeightType>(typeName);
        var bytes = new byte[6 * type.Size()];
        Array.Fill(bytes, (byte)1);
        using var tensor = ModuleWeights.ToTensor(WeightTensor.FromMemory("a", type, [2, 3], bytes));
        var back = ModuleWeights.FromTensor("a", tensor);
        Assert.Equal($"{type.Code()} [2, 3]", back.Description);
        Assert.Equal(bytes, back.ToArray());
    }

    [Fact]
    public void Empty_and_single_value_tensors_go_to_torch_and_back()
    {
        using var empty = ModuleWeights.ToTensor(WeightTensor.FromMemory("a", WeightType.Float32, [0, 3], ReadOnlyMemory<byte>.Empty));
        Assert.Empty(ModuleWeights.FromTensor("a", empty).ToArray());
        using var single = ModuleWeights.ToTensor(Single("a", [], 2.5f));
        Assert.Equal(2.5f, single.item<float>());
    }

    [Fact]
    public void An_import_that_does_not_fit_names_every_difference_and_changes_nothing()
    {
        using var module = nn.Linear(2, 1);
        var before = module.weight!.data<float>().ToArray();
        using var set = new WeightSet("other.safetensors", [Single("weight", [1, 3], 1, 2, 3), Single("scale", [1], 3)]);
        var e = Assert.Throws<WeightFileException>(() => ModuleWeights.Import(module, set));
        Assert.Equal("Weight file 'other.safetensors': found no tensor 'bias'; 'weight' of shape [1, 3] instead of [1, 2]; an extra tensor 'scale'; expected exactly the tensors of the model.", e.Message);
        Assert.Equal(before, module.weight!.data<float>().ToArray());
    }

    [Fact]
    public void Export_and_import_leave_no_tensor_behind()
    {
        using var module = nn.Linear(2, 1);
        using var set = new WeightSet("memory", [WeightTensor.FromMemory("weight", WeightType.Float16, [1, 2], new byte[4]), Single("bias", [1], 3)]);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        ModuleWeights.Import(module, set);
        foreach (var tensor in ModuleWeights.Export(module, "model"))
        {
            _ = tensor.ToArray();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static TorchSharp.Modules.BatchNorm1d Norm()
    {
        var module = nn.BatchNorm1d(3);
        using var noGradient = no_grad();
        foreach (var tensor in module.state_dict().Values.Where(t => t.is_floating_point()))
        {
            tensor.uniform_(0, 1);
        }

        return module;
    }

    private static WeightTensor Single(string name, long[] shape, params float[] values) =>
        WeightTensor.FromMemory(name, WeightType.Float32, shape, values.SelectMany(BitConverter.GetBytes).ToArray());
}
