using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Steps as the trainers take them on a GPU: bytes from the loader's memory in every step, losses read every few steps.</summary>
internal static class TrainingSteps
{
    private const int Classes = 174;

    /// <summary>A step of pretraining on these clips.</summary>
    public static Action Pretraining(VitConfig config, ScalarType type, PretrainingClip[] clips)
    {
        var options = new MofoPretrainingOptions { Model = config, BatchSize = clips.Length, MotionMaskRatio = null };
        using var generator = new Generator(1);
        var model = new MaskedAutoencoder(config, generator);
        Prepare(model, type);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05);
        return Looped(new PretrainingStep(model, options, ComputeDevice.Chosen), new AdamW(model, groups, new AdamWSettings(Beta2: 0.95)), model, clips);
    }

    /// <summary>A step of finetuning with its mixing, drop path and fusion.</summary>
    public static Action Finetuning(VitConfig config, ScalarType type, int batch, MotionFusion fusion)
    {
        var options = new MofoFinetuningOptions { Model = config, BatchSize = batch, Fusion = fusion };
        using var generator = new Generator(1);
        var model = new VideoClassifier(config, new ClassifierShape(Classes, fusion) { DropPath = options.DropPath }, generator);
        Prepare(model, type);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05, 0.75, config.Depth);
        var clips = Enumerable.Range(0, batch).Select(i => Bytes(config, i)).Select((clip, i) => new FinetuningClip("random", clip.Pixels, clip.Boxes, i % Classes)).ToArray();
        return Looped(new FinetuningStep(model, Classes, options, ComputeDevice.Chosen), new AdamW(model, groups, new AdamWSettings(Beta2: 0.999)), model, clips);
    }

    /// <summary>A pass of scoring, probabilities read, as a pipeline scores.</summary>
    public static Action Scoring(VitConfig config, ScalarType type, int batch, MotionFusion fusion)
    {
        using var generator = new Generator(1);
        var model = new VideoClassifier(config, new ClassifierShape(Classes, fusion), generator);
        Prepare(model, type);
        model.eval();
        var views = Enumerable.Range(0, batch).Select(i => Bytes(config, i)).Select(clip => new ViewClip(clip.Pixels, clip.Boxes)).ToArray();
        var rows = Trainers.Scoring.TorchViews.Rows(new ClassProbabilities(model, config, ComputeDevice.Chosen).Of);
        return () => _ = rows(views);
    }

    /// <summary>Clips of noise in the loader's memory, masked.</summary>
    public static PretrainingClip[] Clips(VitConfig config, int batch)
    {
        var masking = PretrainingClips.MaskingOf(new MofoPretrainingOptions { Model = config, MotionMaskRatio = null });
        return [.. Enumerable.Range(0, batch).Select(i =>
        {
            using var clip = Noise(config, i);
            return PretrainingClips.Prepare("random", clip, masking, config, new Random(i), (c, n) => new ByteClip(c, n));
        })];
    }

    private static (ByteClip Pixels, Mofo.ML.Transforms.MotionBox[] Boxes) Bytes(VitConfig config, int seed)
    {
        using var clip = Noise(config, seed);
        var third = config.ImageSize / 3f;
        Array.Fill(clip.Boxes, new(third, third, 2 * third, 2 * third));
        return (new ByteClip(clip, null), clip.Boxes);
    }

    private static Clip Noise(VitConfig config, int seed)
    {
        var clip = new Clip(config.Frames, config.ImageSize, config.ImageSize);
        new Random(seed).NextBytes(clip.Pixels);
        return clip;
    }

    private static void Prepare(nn.Module model, ScalarType type)
    {
        _ = model.to(ComputeDevice.Chosen);
        ComputeTypes.Apply(model, type, ComputeDevice.Chosen);
        model.train();
    }

    /// <summary>What the training loop does with a step, without feed, checkpoints and reports.</summary>
    private static Action Looped<TClip>(ITrainingStep<TClip> step, AdamW optimizer, nn.Module model, TClip[] clips)
        where TClip : ITrainingClip
    {
        var (every, number) = (TrainingSetup<TClip>.StepsPerReadingOn(ComputeDevice.Chosen), 0);
        var unread = new Queue<StepReading>();
        return () =>
        {
            var reading = new StepReading("benchmark", 0, number);
            var random = new Random(++number);
            using (NewDisposeScope())
            {
                IRandomLayer.ReseedAll(model, random);
                var loss = step.Loss(clips, random);
                reading.Add(loss, [.. clips.Select(c => c.VideoPath)]);
                loss.Total.backward();
                reading.SetNorm(optimizer.StepClipped(1e-5, null, null));
            }

            optimizer.ClearGradients();
            unread.Enqueue(reading);
            while (unread.Count >= every && unread.TryDequeue(out var read))
            {
                _ = read.Read();
                read.Dispose();
            }
        };
    }
}
