using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>What a GPU would meet, tried with the device that every machine has: the one without memory.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Moving_a_model_moves_the_weights_that_its_layers_compute_with()
    {
        var classifier = TinyModels.Classifier(MotionFusion.SoftAttention);
        _ = classifier.to(META);
        Assert.All(classifier.modules().OfType<MixedLinear>(), layer => Assert.Equal(DeviceType.META, layer.Weight.device_type));
        Assert.All(classifier.parameters(), p => Assert.Equal(DeviceType.META, p.device_type));
    }

    [Fact]
    public void The_optimizer_keeps_its_state_where_the_model_was_moved()
    {
        var model = new MaskedAutoencoder(TinyModels.Config, new Generator(1));
        _ = model.to(META);
        using var optimizer = new AdamW(
            model, ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05), new AdamWSettings());
        Assert.All(optimizer.Tensors, state => Assert.Equal(DeviceType.META, state.Value.device_type));
    }

    [Fact]
    public void The_position_table_is_made_once_per_device()
    {
        var positions = new SinusoidPositions(new TokenGrid(2, 2, 2), new TokenGrid(2, 2, 2), 6);
        Assert.Equal(AddressOf(positions.At(null, CPU)), AddressOf(positions.At(null, TinyModels.Pixels(1).device)));
    }

    private static unsafe nint AddressOf(Tensor tensor)
    {
        fixed (byte* first = tensor.bytes)
        {
            return (nint)first;
        }
    }
}
