using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

public sealed class FinetuningTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_share_of_the_rows_validates_and_can_end_training_early()
    {
        var options = TrainedPipeline.Finetuning();
        var validated = new List<(int Epoch, double Accuracy)>();
        (options.Epochs, options.ValidationFraction, options.Patience, options.AverageDecay) = (30, 0.5, 0, 0.5);
        (options.BaseLearningRate, options.MinLearningRate) = (1e-9, 0); // nothing is learned, so the second epoch is no better than the first
        options.Progress = new Told(p =>
        {
            if (p.ValidationAccuracy is { } accuracy)
            {
                validated.Add((p.Epoch, accuracy));
            }
        });
        using var model = Trainer(options).Fit(Boxes());
        Assert.InRange(validated.Count, 2, 29);
        Assert.All(validated, v => Assert.InRange(v.Accuracy, 0, 1));
    }

    [Fact]
    public void Frames_kept_in_memory_or_in_a_folder_train_the_same_model()
    {
        var (memory, disk) = (TrainedPipeline.Finetuning(), TrainedPipeline.Finetuning());
        (memory.ClipMemory, disk.ClipCacheFolder) = (64, pipeline.Scratch("clips"));
        (memory.BatchSize, disk.BatchSize) = (6, 6); // 18 clips fill three steps, so that every video is used
        var boxes = Boxes();
        using var one = Trainer(memory).Fit(boxes);
        using var two = Trainer(disk).Fit(boxes);
        using var again = Trainer(disk).Fit(boxes);
        Assert.Equal(Scores(one, boxes), Scores(two, boxes));
        Assert.Equal(Scores(one, boxes), Scores(again, boxes));
        Assert.Equal(boxes.GetColumn<string>("VideoPath").Count(), Directory.GetFiles(disk.ClipCacheFolder, "*.frames", SearchOption.AllDirectories).Length);

        disk.ClipMemory = 1;
        Assert.Contains("ClipMemory is 1 and there is a ClipCacheFolder; only one of them may be given.", Assert.Throws<MofoOptionsException>(() => Trainer(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_weight_zero_are_left_out_and_the_scale_of_the_weights_is_nothing()
    {
        var boxes = Boxes();
        var weighted = Weighted(boxes, row => row % 2 == 0 ? 3 : 0);
        var half = _ml.Data.FilterRowsByColumn(Weighted(boxes, row => row % 2), "Weight", upperBound: 0.5);
        using var zeros = Trainer(TrainedPipeline.Finetuning(), "Weight").Fit(weighted);
        using var filtered = Trainer(TrainedPipeline.Finetuning()).Fit(half);
        Assert.Equal(Scores(filtered, boxes), Scores(zeros, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-5));
    }

    [Fact]
    public void Weights_change_what_is_learned_and_bad_ones_are_named()
    {
        var boxes = Boxes();
        using var equal = Trainer(TrainedPipeline.Finetuning(), "Weight").Fit(Weighted(boxes, _ => 2));
        using var plain = Trainer(TrainedPipeline.Finetuning()).Fit(boxes);
        using var uneven = Trainer(TrainedPipeline.Finetuning(), "Weight").Fit(Weighted(boxes, row => row < 9 ? 1 : 9));
        Assert.Equal(Scores(plain, boxes), Scores(equal, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-5));
        Assert.NotEqual(Scores(plain, boxes)[0], Scores(uneven, boxes)[0]);
        var error = Assert.Throws<InvalidOperationException>(() => Trainer(TrainedPipeline.Finetuning(), "Weight").Fit(Weighted(boxes, row => row - 1)));
        Assert.Contains("Row 0: the weight in column 'Weight' is -1", error.Message);
        Assert.Contains("weight column 'Weight'", Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Trainer(TrainedPipeline.Finetuning(), "Weight").Fit(boxes)).Message);
    }

    [Fact]
    public void Frozen_layers_are_in_the_model_as_they_were_in_the_file()
    {
        var boxes = Boxes();
        var first = TrainedPipeline.Finetuning();
        first.Fusion = MotionFusion.WeightedMean;
        using var start = Trainer(first).Fit(boxes);
        var path = pipeline.Scratch("start.zip");
        _ml.Model.Save(start, boxes.Schema, path);
        var options = TrainedPipeline.Finetuning();
        (options.InitialWeights, options.Frozen, options.Fusion) = (path, FrozenLayers.AllButHead, MotionFusion.WeightedMean);
        using var probe = Trainer(options).Fit(boxes);
        var before = start.Model.state_dict().ToDictionary(p => p.Key, p => p.Value.data<float>().ToArray());
        foreach (var (name, value) in probe.Model.state_dict().Where(p => p.Key.StartsWith("blocks.") || p.Key.StartsWith("patch_embed.")))
        {
            Assert.Equal(before[name], value.data<float>().ToArray());
        }

        Assert.NotEqual(before["head.weight"], probe.Model.state_dict()["head.weight"].data<float>().ToArray());
    }

    [Fact]
    public void Positions_stretched_from_another_size_are_kept_in_the_model_file()
    {
        var boxes = Boxes();
        using var start = Trainer(TrainedPipeline.Finetuning()).Fit(boxes);
        var (small, large) = (pipeline.Scratch("small.zip"), pipeline.Scratch("large.zip"));
        _ml.Model.Save(start, boxes.Schema, small);
        var options = TrainedPipeline.Finetuning();
        var (size, frames) = (options.Model.ImageSize, options.Model.Frames);
        options.Model = options.Model with { ImageSize = 48, Frames = 12, PositionImageSize = size, PositionFrames = frames };
        options.InitialWeights = small;
        using var model = Trainer(options).Fit(boxes);
        _ml.Model.Save(model, boxes.Schema, large);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(large, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        // Without the two options the saved model says at which size its weights were trained.
        options.Model = options.Model with { PositionImageSize = null, PositionFrames = null };
        using var told = Trainer(options).Fit(boxes);
        Assert.Equal(Scores(model, boxes)[0], Scores(told, boxes)[0]);

        // The same weights at positions of their own score otherwise.
        options.Model = options.Model with { PositionImageSize = 48, PositionFrames = 12 };
        using var elsewhere = Trainer(options).Fit(boxes);
        Assert.NotEqual(Scores(model, boxes)[0], Scores(elsewhere, boxes)[0]);
    }

    [Fact]
    public void What_the_network_sees_is_kept_in_the_model_file()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        options.Model = options.Model with { Input = ClipInput.Changes };
        options.UsePretrained = false;
        using var model = Trainer(options).Fit(boxes);
        var path = pipeline.Scratch("changes.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        // The shapes fit a network on pixels; the weights mean nothing there.
        (options.Model, options.InitialWeights) = (options.Model with { Input = ClipInput.Pixels }, path);
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"Model.Input is Pixels; the weights of {path} were trained on Changes", error.Message, StringComparison.Ordinal);
        options.Model = options.Model with { Positions = TokenPositions.PerAxis };
        error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"Model.Positions is PerAxis; the weights of {path} were trained with Sequence", error.Message, StringComparison.Ordinal);
        // So does the file that it was converted to.
        var converted = pipeline.Scratch("changes.safetensors");
        Assert.True(MofoWeights.Convert(path, converted) > 0);
        options.InitialWeights = converted;
        error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"the weights of {converted} were trained on Changes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the weights of {converted} were trained with Sequence", error.Message, StringComparison.Ordinal);

        options.Model = options.Model with { Positions = TokenPositions.Sequence };
        error = Assert.Throws<MofoOptionsException>(() => MofoWeights.ConvertClassifierToOnnx(path, pipeline.Scratch("pixels.onnx"), options, loaded.ClassLabels));
        Assert.Contains("were trained on Changes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_with_motion_energy_masks_difference_targets_attentive_pooling_and_colour_jitter_is_kept_in_the_model_file()
    {
        var boxes = Boxes();
        var pretraining = TrainedPipeline.Pretraining();
        (pretraining.MotionTemperature, pretraining.MaskingMotion) = (0.3, MaskingMotion.FrameDifferences);
        pretraining.MaskRatio = MofoPretrainingOptions.SuitedMaskRatio(pretraining.Model);
        pretraining.ReconstructionTarget = ReconstructionTarget.PixelsAndDifferences;
        var finetuning = TrainedPipeline.Finetuning();
        (finetuning.Fusion, finetuning.ColorJitter, finetuning.GrayProbability) = (MotionFusion.AttentivePooling, 0.4, 0.2);
        using var model = _ml.Transforms.PretrainMofo(pretraining).Append(Trainer(finetuning)).Fit(boxes);
        var path = pipeline.Scratch("levers.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        var video = boxes.GetColumn<string>("VideoPath").First();
        var (before, after) = (Rebuilt(model), Rebuilt(loaded));
        Assert.Equal(before.Rebuilt[3], after.Rebuilt[3]);
        Assert.NotEqual(before.Original[3], before.Rebuilt[3]);
        Assert.Equal(0.5, before.MaskedShare);

        Reconstruction Rebuilt(IEnumerable<ITransformer> chain) => chain.OfType<MofoPretrainedTransformer>().Single().Reconstruct(video, seed: 4);
    }

    [Fact]
    public void A_checkpoint_as_initial_weights_is_held_to_what_its_network_saw()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        options.Model = options.Model with { Input = ClipInput.Changes, Positions = TokenPositions.PerAxis };
        (options.UsePretrained, options.CheckpointFolder) = (false, pipeline.Scratch("checkpoints"));
        Trainer(options).Fit(boxes).Dispose();
        var checkpoint = Directory.GetFiles(options.CheckpointFolder, "checkpoint-*.safetensors").Single();

        (options.InitialWeights, options.CheckpointFolder) = (checkpoint, null);
        Trainer(options).Fit(boxes).Dispose();
        options.Model = options.Model with { Input = ClipInput.Pixels, Positions = TokenPositions.Sequence };
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"the weights of {checkpoint} were trained on Changes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the weights of {checkpoint} were trained with PerAxis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finetuning_that_stays_at_chance_says_so_in_the_log_and_in_progress()
    {
        var options = TrainedPipeline.Finetuning();
        (options.Epochs, options.BaseLearningRate, options.MinLearningRate, options.UsePretrained) = (40, 1e-9, 0, false);
        var steps = new List<TrainingProgress>();
        options.Progress = new Told(steps.Add);
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(e.RawMessage);
            }
        };
        Trainer(options).Fit(Boxes()).Dispose();

        // 18 clips in batches of 4: 160 steps, 4 epochs of warm-up; a fifth would be 32, so the least, 50 steps, is judged.
        Assert.Equal(160, steps.Count);
        Assert.Equal(Math.Log(9), steps[^1].BaselineLoss, 0.1);
        Assert.Equal(66, steps.First(step => step.Plateau is not null).Step);
        Assert.All(steps.Skip(66), step => Assert.Contains("finetuning has learned nothing so far", step.Plateau, StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("The learning rate in force is 1.6e-11", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("Finetuning starts from random weights with 18 clips, fewer than 2000", StringComparison.Ordinal));
        Assert.Equal(2, warnings.Count(w => w.Contains("over the last 50 of", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_released_soft_attention_is_kept_in_the_model_file_and_scores_plain_means()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        (options.Fusion, options.ReleasedSoftAttention) = (MotionFusion.SoftAttention, true);
        (options.ValidationSet, options.Patience) = (boxes, 3); // a saved model does not carry the set that its patience needs, and must load all the same
        using var model = Trainer(options).Fit(boxes);
        using (TorchSharp.torch.no_grad())
        {
            // Scores that would attend strongly: the released arithmetic must not see them, in this process and after loading.
            model.Model.state_dict()["soft_att_local.weight"].fill_(5);
        }

        var path = pipeline.Scratch("released.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-6));
        using (TorchSharp.torch.no_grad())
        {
            loaded.Model.state_dict()["soft_att_local.weight"].fill_(-5);
        }

        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-6));
    }

    [Fact]
    public void Explaining_gives_maps_for_every_frame_and_pictures_and_a_video()
    {
        var classifier = pipeline.Classifier;
        var row = pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).First();
        var explanation = classifier.Explain(row.VideoPath, row.MotionBoxes, classifier.ClassLabels[2]);
        Assert.Equal(classifier.ClassLabels[2], explanation.ClassName);
        Assert.Equal(TrainedPipeline.TinyModel.Frames, explanation.Frames.Count);
        Assert.All(explanation.Frames, frame =>
        {
            Assert.Equal(explanation.GridSize * explanation.GridSize, frame.Activation.Count);
            Assert.All(frame.Activation.Concat(frame.Attention), value => Assert.InRange(value, 0, 1));
            Assert.Equal(row.MotionBoxes[4 * frame.Index], frame.Box.X1);
        });
        Assert.Equal(explanation.Frames.Select(f => f.Index).Order(), explanation.Frames.Select(f => f.Index));
        Assert.Contains("no class 'juggling'", Assert.Throws<ArgumentException>(() => classifier.Explain(row.VideoPath, row.MotionBoxes, "juggling")).Message);

        var (picture, video) = (pipeline.Scratch("look.png"), pipeline.Scratch("look.mp4"));
        explanation.SavePicture(picture);
        explanation.SaveVideo(video);
        Assert.True(new FileInfo(picture).Length > 1000);
        using var source = FrameReader.Open(row.VideoPath);
        using var drawn = FrameReader.Open(video);
        Assert.Equal(source.CountFrames(), drawn.CountFrames());
    }

    [Fact]
    public void Eight_threads_may_explain_and_score_one_model()
    {
        var classifier = pipeline.Classifier;
        var row = pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).First();
        var expected = classifier.Explain(row.VideoPath, row.MotionBoxes);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            var found = classifier.Explain(row.VideoPath, row.MotionBoxes);
            Assert.Equal(expected.Probability, found.Probability, 1e-5);
            Assert.All(expected.Frames[0].Activation.Zip(found.Frames[0].Activation), p => Assert.Equal(p.First, p.Second, 1e-3f));
        });
    }

    [Fact]
    public void A_disposed_model_says_so_and_leaves_another_alone()
    {
        var boxes = Boxes();
        var one = Trainer(TrainedPipeline.Finetuning()).Fit(boxes);
        using var two = Trainer(TrainedPipeline.Finetuning()).Fit(boxes);
        var before = Scores(two, boxes)[0];
        one.Dispose();
        one.Dispose();
        Assert.ThrowsAny<Exception>(() => Scores(one, boxes));
        Assert.Equal(before, Scores(two, boxes)[0]);
    }

    [Fact]
    public void The_report_agrees_with_ML_NETs_evaluator()
    {
        var scored = pipeline.Model.Transform(pipeline.Test);
        var report = pipeline.Ml.MulticlassClassification.ReportVideos(scored);
        var metrics = pipeline.Ml.MulticlassClassification.Evaluate(scored);
        Assert.Equal(metrics.MicroAccuracy, report.Top1, 1e-9);
        Assert.Equal(metrics.MacroAccuracy, report.MeanClassAccuracy, 1e-9);
        Assert.Equal(9, report.PerClass().Rows.Count);
    }

    private MofoFinetuneTrainer Trainer(MofoFinetuningOptions options, string? weight = null) =>
        _ml.MulticlassClassification.Trainers.MofoFinetune(options: options, exampleWeightColumnName: weight);

    private IDataView Boxes() => _ml.Data.Cache(_ml.Transforms.DetectMotion(new MotionDetectionOptions { CacheFolder = pipeline.Scratch("motion") })
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label")).Fit(pipeline.Train).Transform(pipeline.Train));

    private IDataView Weighted(IDataView data, Func<int, float> weight)
    {
        var row = 0;
        var weights = new Dictionary<string, float>();
        foreach (var path in data.GetColumn<string>("VideoPath"))
        {
            weights[path] = weight(row++);
        }

        return _ml.Transforms.CustomMapping<Video, Weight>((video, target) => target.Value = weights[video.VideoPath], contractName: null).Fit(data).Transform(data);
    }

    private static List<float[]> Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score")];

    private sealed class Video
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class Weight
    {
        [ColumnName("Weight")]
        public float Value { get; set; }
    }

    private sealed class Told(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
