using ActionRecognition.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Output;
using Mofo.ML.Trainers;

namespace ActionRecognition.Training;

/// <summary>The trainings of the example, each with a context of its own, so that two can run at a time.</summary>
internal sealed class Learning(Settings settings, ProgressBoard board)
{
    /// <summary>Learns from clips without their labels.</summary>
    public Trained<MofoPretrainedTransformer> Pretrain(IDataView clips, int count)
    {
        var log = new TrainingLog("pretraining", board);
        return new(Context().Transforms.PretrainMofo(Recipe.Pretraining(settings, count, log)).Fit(clips), log);
    }

    /// <summary>Learns from all labelled clips, from what pretraining left.</summary>
    public Trained<MofoClassificationTransformer> Finetune(MofoPretrainedTransformer pretrained, IDataView clips, int count)
    {
        var log = new TrainingLog("all labels, pretrained", board);
        return Fit(Recipe.Finetuning(settings, count, pretrained: true, log), pretrained, clips, log);
    }

    /// <summary>Learns from few labelled clips, from what pretraining left or from nothing.</summary>
    public Trained<MofoClassificationTransformer> FinetuneOnFew(MofoPretrainedTransformer? pretrained, IDataView clips, int count)
    {
        var log = new TrainingLog(pretrained is null ? "few labels, from nothing" : "few labels, pretrained", board);
        return Fit(Recipe.FewLabels(settings, count, pretrained is not null, log), pretrained, clips, log);
    }

    private Trained<MofoClassificationTransformer> Fit(MofoFinetuningOptions options, MofoPretrainedTransformer? pretrained, IDataView clips, TrainingLog log) =>
        new(Context(fromNothing: pretrained is null).MulticlassClassification.Trainers.MofoFinetune(options).Fit(pretrained?.Transform(clips) ?? clips), log);

    /// <summary>Two trainings at a time: each keeps one core busy.</summary>
    public static (TFirst First, TSecond Second) Both<TFirst, TSecond>(Func<TFirst> first, Func<TSecond> second)
    {
        var other = Task.Run(second);
        var mine = first();
        return (mine, other.GetAwaiter().GetResult());
    }

    /// <param name="fromNothing">Whether a training from random weights is what is asked for.</param>
    private MLContext Context(bool fromNothing = false)
    {
        var ml = new MLContext(settings.Seed) { GpuDeviceId = settings.Gpu };
        LoggedWarnings.Print(ml, fromNothing ? LoggedWarnings.OfRandomWeights : null);
        return ml;
    }
}
