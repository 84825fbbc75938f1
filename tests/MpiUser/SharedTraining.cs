using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Distributed;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.MpiUser;

/// <summary>A small training with everything that depends on chance or on the batch: masks, augmentation, mixing, dropout, drop path, averages, validation, early stopping.</summary>
/// <remarks>list: clips, <c>path label</c> a line; out: folder for the figures and the model of each rank; outN: that of rank N, in its place.</remarks>
internal static class SharedTraining
{
    private static readonly VitConfig Network = new()
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

    public static void Run(MpiWorld world, Settings settings)
    {
        var ml = new MLContext(seed: 5);
        ml.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                Console.WriteLine($"rank {world.Rank} warns: {line.RawMessage}");
            }
        };
        var data = Rows(ml, settings["list"]);
        var steps = new List<TrainingProgress>();
        ITransformer model = settings["stage"] switch
        {
            "pretraining" => ml.Transforms.PretrainMofo(options: Common(new MofoPretrainingOptions { WeightDecayEnd = 0.2 }, world, settings, steps)).Fit(data),
            _ => ml.MulticlassClassification.Trainers.MofoFinetune(options: Common(
                new MofoFinetuningOptions
                {
                    DropPath = 0.3,
                    HeadDropout = 0.2,
                    AverageDecay = 0.8,
                    ValidationSet = data,
                    StopOn = StoppingFigure.Loss,
                    Patience = settings.Number("patience", 10),
                },
                world,
                settings,
                steps)).Fit(data),
        };
        var folder = settings.Find($"out{world.Rank}") ?? settings["out"];
        Directory.CreateDirectory(folder);
        ml.Model.SaveMofoModel(model, data.Schema, Path.Combine(folder, $"model{world.Rank}.zip"));
        if (world.IsFirst)
        {
            File.WriteAllText(Path.Combine(folder, "steps.json"), JsonSerializer.Serialize(
                steps.Select(step => new[] { step.Step, step.Loss, Known(step.LossInside), Known(step.LossOutside), step.ValidationAccuracy ?? -1 })));
        }

        static double Known(double value) => double.IsNaN(value) ? -1 : value;
    }

    private static IDataView Rows(MLContext ml, string list)
    {
        var folder = Path.GetDirectoryName(list)!;
        var rows = File.ReadLines(list).Select((line, i) => new Row(Path.Combine(folder, line.Split(' ')[0]), [i, i, i + 60f, i + 50f], line.Split(' ')[1])).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static T Common<T>(T options, MpiWorld world, Settings settings, List<TrainingProgress> steps)
        where T : MofoTrainingOptions
    {
        options.World = world;
        options.MinLearningRate = settings.Find("otherRank") == $"{world.Rank}" ? 1e-4 : 1e-5;
        options.Model = Network;
        options.Precision = Precision.Float32;
        options.ComputeThreads = 1;
        options.DecodeThreads = 1;
        options.Epochs = settings.Number("epochs", 3);
        options.BatchSize = settings.Number("batch", 8);
        options.AccumulationSteps = settings.Number("accumulation", 1);
        options.ClipsPerVideo = settings.Number("clipsPerVideo", 1);
        options.BaseLearningRate = 0.02;
        options.GradientClip = 1;
        options.HorizontalFlip = true;
        options.OnBadVideo = settings.Flag("skip") ? BadVideoHandling.Skip : BadVideoHandling.Throw;
        options.CheckpointFolder = settings.Find("checkpoints");
        options.CheckpointMinutes = 0;
        options.Progress = new Lines(steps);
        return options;
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes, string Label);

    private sealed class Lines(List<TrainingProgress> steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            Console.WriteLine($"step {value.Step}");
            steps.Add(value);
        }
    }
}
