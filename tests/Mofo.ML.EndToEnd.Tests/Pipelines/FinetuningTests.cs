using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

public sealed partial class FinetuningTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_share_of_the_rows_validates_and_can_end_training_early()
    {
        var options = TrainedPipeline.Finetuning();
        var validated = new List<(int Epoch, double Accuracy)>();
        (options.Epochs, options.ValidationFraction, options.Patience, options.AverageDecay) = (30, 0.5, 0, 0.5);
        (options.BaseLearningRate, options.MinLearningRate) = (1e-9, 0); // nothing is learned, so the second epoch is no better than the first
        options.Progress = new ImmediateProgress<TrainingProgress>(p =>
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
    public void A_finetuning_that_stays_at_chance_says_so_in_the_log_and_in_progress()
    {
        var options = TrainedPipeline.Finetuning();
        (options.Epochs, options.BaseLearningRate, options.MinLearningRate, options.UsePretrained) = (40, 1e-9, 0, false);
        var steps = new List<TrainingProgress>();
        options.Progress = new ImmediateProgress<TrainingProgress>(steps.Add);
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
        Assert.Contains(warnings, w => w.StartsWith("The effective learning rate is 1.6e-11", StringComparison.Ordinal));
        Assert.Single(warnings, w => w.Contains("random weights", StringComparison.Ordinal) && w.Contains("With fewer than 2000 labelled clips and the published recipe", StringComparison.Ordinal));
        Assert.Single(warnings, w => w.Contains("expect it to stay at chance", StringComparison.Ordinal));
        Assert.Equal(2, warnings.Count(w => w.Contains("over the last 50 of", StringComparison.Ordinal)));
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
}
