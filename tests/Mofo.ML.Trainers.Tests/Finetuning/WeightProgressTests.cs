using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
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
        Set(8);
        progress.AfterStep();
        _ = progress.AfterEpoch(1);
        Assert.Equal((4, 8), (judged, Get()));
        progress.Finish();
        Assert.Equal(4, Get());
    }

    [Fact]
    public void Without_validation_the_averages_are_the_result()
    {
        Set(0);
        using var progress = new WeightProgress(_model, new MofoFinetuningOptions { Model = TinyModels.Config, AverageDecay = 0.75 }, validate: null);
        Set(8);
        progress.AfterStep();
        Assert.Null(progress.AfterEpoch(1).ValidationAccuracy);
        progress.Finish();
        Assert.Equal(2, Get());
    }

    private void Set(double value)
    {
        using var frozen = no_grad();
        _model.named_parameters().First(p => p.name == "fc_norm.bias").parameter.fill_(value);
    }

    private double Get() => _model.named_parameters().First(p => p.name == "fc_norm.bias").parameter[0].ToDouble();
}
