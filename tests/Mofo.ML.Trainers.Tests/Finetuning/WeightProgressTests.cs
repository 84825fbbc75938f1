using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class WeightProgressTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly VideoClassifier _model = TinyModels.Classifier(MotionFusion.None);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_best_epochs_weights_come_back_at_the_end()
    {
        double[] accuracies = [0.2, 0.6, 0.6, 0.5];
        var epoch = 0;
        using var progress = new WeightProgress(_model, new MofoFinetuningOptions { Model = TinyModels.Config }, () => new(accuracies[epoch - 1], 1));
        foreach (var value in accuracies)
        {
            Set(++epoch);
            Assert.Equal(value, progress.AfterEpoch(epoch).ValidationAccuracy);
        }

        Assert.True(_model.training);
        progress.Finish();
        Assert.Equal(3, Get());
        Assert.False(_model.training);
    }

    [Fact]
    public void The_loss_may_decide_and_a_loss_that_is_not_a_number_never_wins()
    {
        double[] losses = [1, 0.5, double.NaN, 0.7];
        var epoch = 0;
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, StopOn = StoppingFigure.Loss, Patience = 1 };
        using var progress = new WeightProgress(_model, options, () => new(0.1 * epoch, losses[epoch - 1]));
        var stops = losses.Select(_ =>
        {
            Set(++epoch);
            return progress.AfterEpoch(epoch).Stop;
        }).ToArray();
        Assert.Equal([false, false, false, true], stops);
        progress.Finish();
        Assert.Equal(2, Get());
    }

    [Fact]
    public void The_averages_are_judged_and_kept_and_training_goes_on_from_the_weights()
    {
        Set(0);
        var judged = 0.0;
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, AverageDecay = 0.5 };
        using var progress = new WeightProgress(_model, options, () =>
        {
            judged = Get();
            return new(1, 1);
        });
        Set(11);
        progress.AfterStep();
        _ = progress.AfterEpoch(1);
        Assert.Equal((9, 11), (judged, Get()));
        progress.Finish();
        Assert.Equal(9, Get());
    }

    [Fact]
    public void Without_validation_the_averages_are_the_result()
    {
        Set(0);
        using var progress = new WeightProgress(_model, new MofoFinetuningOptions { Model = TinyModels.Config, AverageDecay = 0.75 }, validate: null);
        Set(11);
        progress.AfterStep();
        Assert.Null(progress.AfterEpoch(1).ValidationAccuracy);
        progress.Finish();
        Assert.Equal(9, Get());
    }

    [Theory]
    [InlineData(0.9, new[] { 2 / 11.0, 3 / 12.0, 4 / 13.0 })]
    [InlineData(0.2, new[] { 2 / 11.0, 0.2, 0.2 })]
    public void The_memory_of_the_average_grows_with_the_steps_up_to_its_decay(double decay, double[] memories)
    {
        Set(0);
        using var average = new WeightAverage(_model, decay);
        var expected = 0.0;
        foreach (var (step, memory) in memories.Index())
        {
            Set(step + 1);
            average.Update();
            expected = (memory * expected) + ((1 - memory) * (step + 1));
        }

        Assert.Equal(expected, average.InPlace(Get), 5);
        Assert.Equal(memories.Length, Get());

        // A resumed average goes on where it was.
        using var resumed = new WeightAverage(_model, decay);
        resumed.Resume(average.Numbers.ToDictionary(n => n.Name, n => n.Value));
        foreach (var ((_, from), (_, to)) in average.Tensors.Zip(resumed.Tensors))
        {
            _ = to.copy_(from);
        }

        Set(7);
        average.Update();
        resumed.Update();
        Assert.Equal(average.InPlace(Get), resumed.InPlace(Get));
    }

    [Fact]
    public void A_validation_that_fails_changes_nothing()
    {
        Set(0);
        var (fails, validated) = (false, 0.0);
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, AverageDecay = 0.5, Patience = 3, ValidationFraction = 0.5 };
        using var progress = new WeightProgress(_model, options, () =>
        {
            validated = Get();
            return fails ? throw new VideoException("gone.mp4", "it is not there") : new(0.5, 1);
        });
        Set(11);
        progress.AfterStep();
        _ = progress.AfterEpoch(1);
        var before = State(progress);
        fails = true;
        Assert.Throws<VideoException>(() => progress.AfterEpoch(2));
        Assert.Equal(9, validated);
        Assert.Equal(11, Get());
        Assert.True(_model.training);
        Assert.Equal(before, State(progress));
    }

    private static List<(string Name, double Value)> State(WeightProgress progress) =>
    [
        .. progress.Parts.SelectMany(part => part.Numbers.Select(number => ($"{part.Name}.{number.Name}", number.Value))),
        .. progress.Parts.SelectMany(part => part.Tensors.SelectMany(tensor => tensor.Value.detach().flatten().to(ScalarType.Float64).data<double>().ToArray().Select(v => ($"{part.Name}.{tensor.Name}", v)))),
    ];

    private void Set(double value)
    {
        using var frozen = no_grad();
        _model.named_parameters().First(p => p.name == "fc_norm.bias").parameter.fill_(value);
    }

    private double Get() => _model.named_parameters().First(p => p.name == "fc_norm.bias").parameter[0].ToDouble();
}
