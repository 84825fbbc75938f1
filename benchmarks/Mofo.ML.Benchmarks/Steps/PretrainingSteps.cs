using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Reference;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>One optimiser step of pretraining: targets, forward, backward, AdamW.</summary>
internal static class PretrainingSteps
{
    public static Candidate Reference(VitConfig config, int batch)
    {
        var model = new ReferenceAutoencoder(config);
        _ = model.to(ComputeDevice.Chosen);
        var optimizer = optim.AdamW(model.parameters(), 1e-4, 0.9, 0.95, 1e-8, 0.05);
        var pixels = randn([batch, 3, config.Frames, config.ImageSize, config.ImageSize], device: ComputeDevice.Chosen).DetachFromDisposeScope();
        var hidden = HiddenTubes(config);
        var mask = tensor(Enumerable.Repeat(hidden, batch * config.TimeSlices).SelectMany(m => m).ToArray(), [batch, config.Tokens], device: ComputeDevice.Chosen).DetachFromDisposeScope();
        var masked = hidden.Count(h => h) * config.TimeSlices;
        var targets = randn([batch, masked, config.PixelsPerToken], device: ComputeDevice.Chosen).DetachFromDisposeScope();
        model.train();
        return new Candidate("reference style, float32", () =>
        {
            using var scope = NewDisposeScope();
            var predictions = model.call(pixels, mask);
            var loss = nn.functional.mse_loss(predictions, targets);
            predictions.Dispose();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }, batch * StepArithmetic.Pretraining(config, config.Tokens - masked), MatrixLimit.NameOf(ScalarType.Float32), batch);
    }

    public static Candidate Ours(VitConfig config, int batch, ScalarType type)
    {
        var options = new MofoPretrainingOptions { Model = config, BatchSize = batch, MotionMaskRatio = null };
        using var generator = new Generator(1);
        var model = new MaskedAutoencoder(config, generator);
        _ = model.to(ComputeDevice.Chosen);
        ComputeTypes.Apply(model, type);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05);
        var plan = new TrainingPlan(10 * batch, options, usualWarmup: 0);
        var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.95));
        var step = new PretrainingStep(model, options, ComputeDevice.Chosen);
        var clips = Enumerable.Range(0, batch).Select(i => Clip(config, options, i)).ToArray();
        var visible = config.Tokens - (HiddenTubes(config).Count(h => h) * config.TimeSlices);
        model.train();
        return new Candidate($"ours, {type}", () =>
        {
            using (NewDisposeScope())
            {
                step.Loss(clips, new Random(1)).Total.backward();
            }

            optimizer.Step(plan.LearningRate[1]);
            optimizer.ClearGradients();
        }, batch * StepArithmetic.Pretraining(config, visible), MatrixLimit.NameOf(type), batch);
    }

    private static PretrainingClip Clip(VitConfig config, MofoPretrainingOptions options, int seed)
    {
        using var clip = new Clip(config.Frames, config.ImageSize, config.ImageSize);
        var random = new Random(seed);
        random.NextBytes(clip.Pixels);
        return PretrainingClips.Prepare("random", clip, PretrainingClips.MaskingOf(options), config, random);
    }

    private static bool[] HiddenTubes(VitConfig config)
    {
        var hidden = new bool[config.Grid.Cells];
        hidden.AsSpan(0, (int)(0.9 * hidden.Length)).Fill(true);
        new Random(1).Shuffle(hidden);
        return hidden;
    }
}
