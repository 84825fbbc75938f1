using ActionRecognition.CommandLine;
using ActionRecognition.Report;
using Microsoft.ML;
using Mofo.ML.Trainers;

namespace ActionRecognition.Training;

/// <summary>The trainings of the example, each with a context of its own, so that two can run at a time.</summary>
internal sealed class Learning(Settings settings, Board board)
{
    /// <summary>Learns from clips without their labels.</summary>
    public Trained<MofoPretrainedTransformer> Pretrain(IDataView clips, int count)
    {
        var log = new TrainingLog("pretraining", board);
        return new(Context().Transforms.PretrainMofo(Recipe.Pretraining(settings, count, log)).Fit(clips), log);
    }

    /// <summary>Learns from clips with labels, from what pretraining left or from nothing.</summary>
    public Trained<MofoClassificationTransformer> Finetune(string title, MofoPretrainedTransformer? pretrained, IDataView clips, int count)
    {
        var log = new TrainingLog(title, board);
        var trainer = Context().MulticlassClassification.Trainers.MofoFinetune(Recipe.Finetuning(settings, count, pretrained is not null, log));
        return new(trainer.Fit(pretrained?.Transform(clips) ?? clips), log);
    }

    /// <summary>Two trainings at a time: each keeps one core busy.</summary>
    public static (TFirst First, TSecond Second) Both<TFirst, TSecond>(Func<TFirst> first, Func<TSecond> second)
    {
        var other = Task.Run(second);
        var mine = first();
        return (mine, other.GetAwaiter().GetResult());
    }

    private MLContext Context() => new(settings.Seed) { GpuDeviceId = settings.Gpu };
}
