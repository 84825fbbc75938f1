using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class AdamWTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(3)] // shorter than a vector
    [InlineData(100_003)] // several pieces and a rest
    public void Steps_like_torch(int length)
    {
        var (ours, theirs) = (nn.Linear(length, 1, hasBias: false), nn.Linear(length, 1, hasBias: false));
        using (no_grad())
        {
            theirs.weight!.copy_(ours.weight!);
        }

        var groups = ParameterGroups.Divide([("weight", 2)], weightDecay: 0.1);
        using var optimizer = new AdamW(ours, groups, new AdamWSettings(0.9, 0.95));
        using var reference = optim.AdamW(theirs.parameters(), lr: 1e-2, beta1: 0.9, beta2: 0.95, weight_decay: 0.1);
        var generator = new Generator(3);
        for (var step = 0; step < 5; step++)
        {
            // The same gradient for both: one that depends on the weights would make rounding grow from step to step.
            var gradient = randn([1, length], generator: generator);
            foreach (var layer in new[] { ours, theirs })
            {
                layer.zero_grad();
                (layer.weight! * gradient).sum().backward();
            }

            optimizer.Step(1e-2);
            reference.step();
        }

        Assert.InRange((ours.weight! - theirs.weight!).abs().max().ToDouble(), 0, 1e-6);
    }

    [Theory]
    [InlineData(true)] // the group as one vector, as on a GPU
    [InlineData(false)] // a parameter without gradient is left out
    public void Parameters_that_the_kernel_cannot_take_step_like_torchs(bool all)
    {
        var (ours, theirs) = (nn.Linear(5, 3, dtype: ScalarType.Float64), nn.Linear(5, 3, dtype: ScalarType.Float64));
        using (no_grad())
        {
            theirs.weight!.copy_(ours.weight!);
            theirs.bias!.copy_(ours.bias!);
        }

        using var optimizer = new AdamW(ours, [new ParameterGroup(0.1, 1, ["weight", "bias"])], new AdamWSettings(0.9, 0.95));
        using var reference = optim.AdamW(theirs.parameters(), lr: 1e-2, beta1: 0.9, beta2: 0.95, weight_decay: 0.1);
        for (var step = 0; step < 5; step++)
        {
            var gradient = randn([3, 5], ScalarType.Float64, generator: new Generator((ulong)step));
            foreach (var layer in new[] { ours, theirs })
            {
                layer.zero_grad();
                var loss = (layer.weight! * gradient).sum();
                (all ? loss + (layer.bias! * gradient.sum(1)).sum() : loss).backward();
            }

            optimizer.Step(1e-2);
            reference.step();
        }

        Assert.InRange((ours.weight! - theirs.weight!).abs().max().ToDouble(), 0, 1e-6);
        Assert.InRange((ours.bias! - theirs.bias!).abs().max().ToDouble(), 0, 1e-6);
        Assert.True(optimizer.Tensors.All(s => s.Value.abs().max().ToDouble() > 0 == (all || !s.Name.EndsWith("bias", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_layout_that_the_kernel_cannot_take_gives_the_same_result()
    {
        var (plain, strided) = (new Weight(ones(40, 30)), new Weight(ones(30, 40).t()));
        var gradient = randn([40, 30], generator: new Generator(4));
        foreach (var module in new[] { plain, strided })
        {
            using var optimizer = new AdamW(module, ParameterGroups.Divide([("weight", 2)], 0.05), new AdamWSettings());
            for (var step = 0; step < 3; step++)
            {
                (module.Value * gradient).sum().backward();
                optimizer.Step(1e-3);
                optimizer.ClearGradients();
            }
        }

        Assert.False(strided.Value.is_contiguous());
        Assert.InRange((plain.Value - strided.Value).abs().max().ToDouble(), 0, 1e-6);
    }

    [Fact]
    public void A_parameter_without_gradient_stays_as_it_is()
    {
        var module = new Weight(ones(4));
        using var optimizer = new AdamW(module, ParameterGroups.Divide([("weight", 2)], 0.5), new AdamWSettings());
        optimizer.Step(0.1);
        Assert.Equal(4, module.Value.sum().ToDouble());
    }

    [Fact]
    public void Groups_that_forget_a_parameter_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new AdamW(new Weight(ones(4)), [], new AdamWSettings()));
        Assert.Contains("No group names weight.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clipping_scales_the_whole_gradient_to_the_limit_and_returns_its_length()
    {
        var module = new Weight(ones(4));
        (module.Value * 3).sum().backward();
        Assert.Equal(6, GradientClipping.Clip(module.parameters(), 1.5), 1e-6);
        Assert.Equal(1.5, GradientClipping.Clip(module.parameters(), null), 1e-5);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1000.0)]
    [InlineData(null)]
    public void A_clipped_step_without_waiting_is_a_clipping_and_a_step(double? limit)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var layers = new[] { nn.Linear(5, 3, dtype: type), nn.Linear(5, 3, dtype: type) };
            using (no_grad())
            {
                layers[1].weight!.copy_(layers[0].weight!);
                layers[1].bias!.copy_(layers[0].bias!);
            }

            using var one = new AdamW(layers[0], [new ParameterGroup(0.1, 1, ["weight"]), new ParameterGroup(0, 1, ["bias"])], new AdamWSettings());
            using var other = new AdamW(layers[1], [new ParameterGroup(0.1, 1, ["weight"]), new ParameterGroup(0, 1, ["bias"])], new AdamWSettings());
            for (var step = 0; step < 3; step++)
            {
                var input = randn([7, 5], type, generator: new Generator((ulong)step));
                foreach (var layer in layers)
                {
                    layer.zero_grad();
                    layer.call(input).square().sum().backward();
                }

                var norm = one.StepClipped(1e-2, null, limit);
                Assert.Equal(GradientClipping.Clip(layers[1].parameters(), limit), norm.ToDouble(), 1e-3);
                other.Step(1e-2);
            }

            Assert.InRange((layers[0].weight! - layers[1].weight!).abs().max().ToDouble(), 0, 2e-6);
            Assert.InRange((layers[0].bias! - layers[1].bias!).abs().max().ToDouble(), 0, 2e-6);
        }
    }

    [Fact]
    public void The_average_follows_the_weights_and_can_be_put_in_place_for_a_while()
    {
        var module = new Weight(zeros(1));
        using var average = new WeightAverage(module, 0.9);
        using (no_grad())
        {
            module.Value.fill_(1);
        }

        average.Update();
        average.Update();
        Assert.Equal(1 - (2 / 11.0 * 3 / 12), average.InPlace(() => module.Value.ToDouble()), 1e-6);
        Assert.Equal(1, module.Value.ToDouble(), 1e-6);
    }

    private sealed class Weight : nn.Module
    {
        public Weight(Tensor value)
            : base(nameof(Weight))
        {
            Value = new TorchSharp.Modules.Parameter(value);
            register_parameter("weight", Value);
        }

        public TorchSharp.Modules.Parameter Value { get; }
    }
}
