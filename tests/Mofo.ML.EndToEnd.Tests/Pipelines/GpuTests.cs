using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using TorchSharp;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>The chain on the GPU that the MLContext names. Skipped where torch finds none.</summary>
public sealed class GpuTests : IDisposable
{
    private readonly Lazy<TrainedPipeline> _pipeline = new(() => new TrainedPipeline());

    public void Dispose()
    {
        if (_pipeline.IsValueCreated)
        {
            _pipeline.Value.Dispose();
        }
    }

    [Fact]
    public void A_chain_trained_on_a_GPU_scores_alike_on_the_GPU_and_on_a_CPU()
    {
        var ml = OnGpu();
        var pipeline = _pipeline.Value;
        var (pretraining, finetuning) = (TrainedPipeline.Pretraining(), TrainedPipeline.Finetuning());
        pretraining.Precision = finetuning.Precision = Precision.Float32;
        var chain = ml.Transforms.PretrainMofo(pretraining).Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning));
        var boxes = Boxes(pipeline);
        using var model = chain.Fit(boxes);
        var classifier = model.OfType<MofoClassificationTransformer>().Single();
        Assert.All(classifier.Model.parameters(), p => Assert.Equal(DeviceType.CUDA, p.device_type));
        var here = Rows(ml, model.Transform(boxes));
        Assert.True(here.Select(row => row.Score[0]).Distinct().Count() > 1);

        var path = pipeline.Scratch("gpu.zip");
        ml.Model.Save(model, boxes.Schema, path);
        foreach (var context in new[] { OnGpu(), new MLContext() })
        {
            var loaded = context.Model.Load(path, out _);
            foreach (var (one, other) in here.Zip(Rows(context, loaded.Transform(boxes))))
            {
                Assert.All(one.Score.Zip(other.Score), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
                Assert.All(one.Features.Zip(other.Features), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
            }

            (loaded as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void Training_on_a_GPU_goes_on_from_its_checkpoint()
    {
        var ml = OnGpu();
        var boxes = Boxes(_pipeline.Value);
        using var whole = ml.Transforms.PretrainMofo(Options(null, default, null)).Fit(boxes);

        var folder = _pipeline.Value.Scratch("checkpoints");
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => ml.Transforms.PretrainMofo(Options(folder, stop.Token, p =>
        {
            if (p.Step >= 5)
            {
                stop.Cancel();
            }
        })).Fit(boxes));
        var first = int.MaxValue;
        using var resumed = ml.Transforms.PretrainMofo(Options(folder, default, p => first = Math.Min(first, p.Step))).Fit(boxes);
        Assert.InRange(first, 5, 7);
        var (one, other) = (Values(whole), Values(resumed));
        Assert.Equal(one.Length, other.Length);

        // Sums of a GPU may come in another order; a lost optimiser state would move weights by whole steps of the rate.
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

        MofoPretrainingOptions Options(string? checkpoints, CancellationToken token, Action<TrainingProgress>? watch)
        {
            var options = TrainedPipeline.Pretraining();
            (options.Epochs, options.Precision, options.CheckpointFolder, options.CancellationToken) = (3, Precision.Float32, checkpoints, token);
            options.Progress = watch is null ? null : new ImmediateProgress<TrainingProgress>(watch);
            return options;
        }
    }

    [Fact]
    public void In_bfloat16_the_loss_falls_and_a_clip_is_rebuilt_and_explained()
    {
        var ml = OnGpu();
        var boxes = Boxes(_pipeline.Value);
        var losses = new List<double>();
        var (pretraining, finetuning) = (TrainedPipeline.Pretraining(), TrainedPipeline.Finetuning());
        (pretraining.Epochs, pretraining.GradientClip, pretraining.Progress) = (8, 1, new ImmediateProgress<TrainingProgress>(p => losses.Add(p.Loss)));
        finetuning.Fusion = MotionFusion.MultiHeadCrossAttention;
        using var model = ml.Transforms.PretrainMofo(pretraining).Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning)).Fit(boxes);
        Assert.True(losses.TakeLast(4).Average() < losses.Take(4).Average());

        var clip = boxes.GetColumn<string>("VideoPath").First();
        var found = boxes.GetColumn<float[]>("MotionBoxes").First();
        Assert.Equal(TrainedPipeline.TinyModel.Frames, model.OfType<MofoPretrainedTransformer>().Single().Reconstruct(clip, found).Rebuilt.Count);
        var explanation = model.OfType<MofoClassificationTransformer>().Single().Explain(clip, found);
        Assert.All(explanation.Frames, frame => Assert.All(frame.Activation, value => Assert.InRange(value, 0, 1)));
    }

    [Fact]
    public void Motion_is_found_alike_on_the_GPU_and_on_the_CPU()
    {
        var options = new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.TvL1, FlowShortSide = 64 };
        var pipeline = _pipeline.Value;
        var (gpu, cpu) = (OnGpu(), new MLContext());
        var here = gpu.Transforms.DetectMotion(options).Fit(pipeline.Test).Transform(pipeline.Test).GetColumn<float[]>("MotionBoxes").ToList();
        var there = cpu.Transforms.DetectMotion(options).Fit(pipeline.Test).Transform(pipeline.Test).GetColumn<float[]>("MotionBoxes").ToList();
        Assert.Equal(there.Count, here.Count);

        // A flow stops iterating when it changes little: sums of another order may stop one iteration earlier and move an edge.
        Assert.All(here.Zip(there), pair => Assert.Equal(pair.First.Length, pair.Second.Length));
        Assert.True(here.Zip(there).SelectMany(pair => pair.First.Zip(pair.Second)).Average(pair => Math.Abs(pair.First - pair.Second)) < 2);
    }

    private static MLContext OnGpu()
    {
        Assert.SkipUnless(torch.cuda.is_available(), "Torch finds no CUDA device.");
        return new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = false };
    }

    private static IDataView Boxes(TrainedPipeline pipeline)
    {
        var detector = pipeline.Ml.Transforms.DetectMotion().Append(pipeline.Ml.Transforms.Conversion.MapValueToKey("Label"));
        return pipeline.Ml.Data.Cache(detector.Fit(pipeline.Train).Transform(pipeline.Train));
    }

    private static List<Scored> Rows(MLContext ml, IDataView view) => [.. ml.Data.CreateEnumerable<Scored>(
        ml.Transforms.CopyColumns("PredictedLabelKey", "PredictedLabel").Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view).Transform(view),
        reuseRowObject: false)];

    private static float[] Values(MofoPretrainedTransformer stage) =>
        [.. stage.Model.named_parameters().SelectMany(p => p.parameter.detach().cpu().flatten().data<float>().ToArray())];
}
