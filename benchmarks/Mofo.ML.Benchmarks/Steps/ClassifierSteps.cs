using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Reference;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>A step of finetuning and a pass of scoring, 174 classes, mean pooling (what the reference style has).</summary>
internal static class ClassifierSteps
{
    public const int Classes = 174;

    public static (Candidate Finetuning, Candidate Scoring) Reference(VitConfig config, int batch)
    {
        var model = new ReferenceClassifier(config, Classes);
        _ = model.to(ComputeDevice.Chosen);
        var optimizer = optim.AdamW(model.parameters(), 1e-4, 0.9, 0.999, 1e-8, 0.05);
        var pixels = randn([batch, 3, config.Frames, config.ImageSize, config.ImageSize], device: ComputeDevice.Chosen).DetachFromDisposeScope();
        var labels = zeros(batch, dtype: ScalarType.Int64, device: ComputeDevice.Chosen).DetachFromDisposeScope();
        var training = new Candidate("reference style, float32", () =>
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.cross_entropy(model.call(pixels), labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }, batch * StepArithmetic.Finetuning(config), MatrixLimit.NameOf(ScalarType.Float32), batch);
        var scoring = new Candidate("reference style, float32", () =>
        {
            using var frozen = no_grad();
            model.call(pixels).Dispose();
        }, batch * StepArithmetic.Scoring(config), MatrixLimit.NameOf(ScalarType.Float32), batch);
        return (training, scoring);
    }

    public static (Candidate Finetuning, Candidate Scoring) Ours(VitConfig config, int batch, ScalarType type, MotionFusion fusion = MotionFusion.None, int classes = Classes)
    {
        var options = new MofoFinetuningOptions { Model = config, BatchSize = batch, Fusion = fusion };
        using var generator = new Generator(1);
        var model = new VideoClassifier(config, new ClassifierShape(classes, fusion), generator);
        _ = model.to(ComputeDevice.Chosen);
        ComputeTypes.Apply(model, type);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05, 0.75, config.Depth);
        var plan = new TrainingPlan(10 * batch, options, usualWarmup: 0);
        var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.999));
        var step = new FinetuningStep(model, classes, options, ComputeDevice.Chosen);
        var clips = Enumerable.Range(0, batch).Select(i => Clip(config, i)).ToArray();
        var name = fusion == MotionFusion.None ? $"ours, {type}" : $"ours, {type}, {fusion}";
        var training = new Candidate(name, () =>
        {
            model.train();
            using (NewDisposeScope())
            {
                step.Loss(clips, new Random(1)).Total.backward();
            }

            optimizer.Step(plan.LearningRate[1]);
            optimizer.ClearGradients();
        }, batch * StepArithmetic.Finetuning(config), MatrixLimit.NameOf(type), batch);
        var scoring = new Candidate(name, () =>
        {
            model.eval();
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            var seen = SeenClips.Of(PixelBatch.Stack([.. clips.Select(c => c.Pixels)], config, ComputeDevice.Chosen), config.Input);
            _ = model.call(seen, Trainers.Model.Fusion.TokenRegions.Inside(config, [.. clips.Select(c => c.Boxes)], ComputeDevice.Chosen));
        }, batch * StepArithmetic.Scoring(config), MatrixLimit.NameOf(type), batch);
        return (training, scoring);
    }

    private static FinetuningClip Clip(VitConfig config, int seed)
    {
        using var clip = new Clip(config.Frames, config.ImageSize, config.ImageSize);
        new Random(seed).NextBytes(clip.Pixels);
        var third = config.ImageSize / 3f;
        Array.Fill(clip.Boxes, new(third, third, 2 * third, 2 * third));
        return new FinetuningClip("random", new PixelBuffer(clip), clip.Boxes, seed % Classes);
    }
}
