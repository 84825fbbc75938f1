using Microsoft.ML;
using Mofo.ML.Trainers;

namespace Mofo.ML.ModelUser;

/// <summary>A training that says each step on a line of its own, for tests that kill it.</summary>
internal static class LongTraining
{
    internal static readonly VitConfig Network = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        Frames = 4,
        EmbedDim = 48,
        Depth = 2,
        Heads = 3,
        DecoderDim = 24,
        DecoderDepth = 1,
        DecoderHeads = 3,
    };

    /// <summary>Trains on the first clips of a list, with a checkpoint after every step, and saves the model.</summary>
    public static void Run(string stage, string list, string checkpoints, string output)
    {
        var ml = new MLContext(seed: 5);
        var rows = File.ReadLines(list).Select((line, i) => new Row(Path.Combine(Path.GetDirectoryName(list)!, line.Split(' ')[0]), [i, i, i + 60f, i + 50f], line.Split(' ')[1])).ToList();
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(ml.Data.LoadFromEnumerable(rows)).Transform(ml.Data.LoadFromEnumerable(rows));
        ITransformer model = stage switch
        {
            "pretraining" => ml.Transforms.PretrainMofo(Common(new MofoPretrainingOptions { ClipsPerVideo = 2, WeightDecayEnd = 0.2 }, checkpoints)).Fit(data),
            "finetuning" => Finetuned(new MofoFinetuningOptions { DropPath = 0.3, HeadDropout = 0.2, ValidationSet = data }),

            // Three epochs at most, and no better second one: averages, best weights and the early end must all come out of the checkpoint.
            "averaging" => Finetuned(new MofoFinetuningOptions { AverageDecay = 0.8, ValidationSet = data, StopOn = StoppingFigure.Loss, Patience = 0, ClipCacheFolder = checkpoints + "-clips" }),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "It must be pretraining, finetuning or averaging."),
        };
        ml.Model.Save(model, data.Schema, output);

        ITransformer Finetuned(MofoFinetuningOptions options) => ml.MulticlassClassification.Trainers.MofoFinetune(options: Common(options, checkpoints)).Fit(data);
    }

    private static T Common<T>(T options, string checkpoints)
        where T : MofoTrainingOptions
    {
        options.Model = Network;
        options.Epochs = 3;
        options.BatchSize = 2;
        options.AccumulationSteps = 2;
        options.BaseLearningRate = 0.05;
        options.GradientClip = 1;
        options.HorizontalFlip = true;
        options.CheckpointFolder = checkpoints;
        options.CheckpointMinutes = 0;
        options.Progress = new Lines();
        return options;
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes, string Label);

    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine($"step {value.Step}");
    }
}
