using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>Whether bfloat16 trains like float32: losses of the same training in both types, over several seeds, whose spread is the yardstick.</summary>
internal static class PrecisionCurves
{
    private const int Steps = 200;
    private const int Batch = 4;

    private static readonly VitConfig Config = new()
    {
        ImageSize = 64,
        EmbedDim = 96,
        Depth = 4,
        Heads = 3,
        DecoderDim = 48,
        DecoderDepth = 2,
        DecoderHeads = 3,
    };

    public static int Run()
    {
        Console.WriteLine("\n### bfloat16 against float32: mean loss of 20 steps of the same training\n\n| seed | type | steps 1-20 | 91-110 | 181-200 |\n|---|---|---|---|---|");
        foreach (var seed in new[] { 1, 2, 3 })
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                var losses = Train(seed, type);
                Console.WriteLine($"| {seed} | {type} | {losses[..20].Average():0.0000} | {losses[90..110].Average():0.0000} | {losses[180..].Average():0.0000} |");
            }
        }

        return 0;
    }

    private static double[] Train(int seed, ScalarType type)
    {
        var options = new MofoPretrainingOptions { Model = Config, BatchSize = Batch, Epochs = 1, BaseLearningRate = 0.06, MinLearningRate = 0, WarmupEpochs = 0.1, NormalizeTargets = false };
        using var generator = new Generator((ulong)seed);
        using var model = new MaskedAutoencoder(Config, generator);
        ComputeTypes.Apply(model, type);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05);
        var plan = new TrainingPlan(Steps * Batch, options, 0);
        using var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.95));
        var step = new PretrainingStep(model, options, CPU);
        model.train();
        var losses = new double[Steps];
        for (var i = 0; i < Steps; i++)
        {
            var clips = Enumerable.Range(0, Batch).Select(k => DriftingPattern.Clip(Config, options, (seed * 1000) + (((i * Batch) + k) % 64))).ToArray();
            using (NewDisposeScope())
            {
                var loss = step.Loss(clips, new Random(i));
                losses[i] = loss.Total.item<float>();
                loss.Total.backward();
            }

            optimizer.Step(plan.LearningRate[i]);
            optimizer.ClearGradients();
            Array.ForEach(clips, clip => clip.Dispose());
        }

        return losses;
    }
}
