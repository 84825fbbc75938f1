using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

public sealed class PipelineTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    [Fact]
    public void Evaluate_knows_the_class_names_and_the_top_k()
    {
        var metrics = pipeline.Ml.MulticlassClassification.Evaluate(pipeline.Model.Transform(pipeline.Test), topKPredictionCount: 5);
        var table = metrics.ConfusionMatrix.GetFormattedConfusionTable();
        foreach (var name in File.ReadAllLines(Path.Combine(pipeline.DataFolder, "classes.txt")))
        {
            Assert.Contains(name[..Math.Min(8, name.Length)], table);
        }

        Assert.InRange(metrics.TopKAccuracy, metrics.MicroAccuracy, 1);
        Assert.Equal(9, metrics.PerClassLogLoss.Count);
    }

    [Fact]
    public void Scores_are_probabilities_and_the_label_is_the_best_of_them()
    {
        var view = pipeline.Model.Transform(pipeline.Test);
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema["Score"].GetSlotNames(ref names);
        var classes = names.DenseValues().Select(n => n.ToString()).ToList();
        foreach (var row in Rows(view))
        {
            Assert.Equal(1f, row.Score.Sum(), 1e-5f);
            Assert.Equal(row.PredictedLabel, classes[Array.IndexOf(row.Score, row.Score.Max())]);
        }
    }

    [Fact]
    public void One_engine_per_thread_and_one_view_in_many_threads_agree()
    {
        var expected = Rows(pipeline.Model.Transform(pipeline.Test));
        var found = new ConcurrentBag<(int Row, float[] Score)>();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            using var engine = pipeline.Ml.Model.CreatePredictionEngine<Query, Scored>(
                pipeline.Model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var row = 0; row < 3; row++)
            {
                found.Add((row, engine.Predict(new Query { VideoPath = expected[row].VideoPath }).Score));
            }
        });
        Assert.All(found, f => Assert.InRange(f.Score.Zip(expected[f.Row].Score).Max(p => Math.Abs(p.First - p.Second)), 0, 1e-5));
    }

    [Fact]
    public void Stages_fitted_apart_can_be_appended()
    {
        var ml = new MLContext(seed: 1);
        var detector = ml.Transforms.DetectMotion().Fit(pipeline.Train);
        var boxes = detector.Transform(pipeline.Train);
        var pretrained = ml.Transforms.PretrainMofo(TrainedPipeline.Pretraining()).Fit(boxes);
        var labels = ml.Transforms.Conversion.MapValueToKey("Label").Fit(boxes);
        var classifier = ml.MulticlassClassification.Trainers.MofoFinetune(TrainedPipeline.Finetuning()).Fit(labels.Transform(pretrained.Transform(boxes)));
        var chain = detector.Append(pretrained).Append(labels).Append(classifier);
        var path = pipeline.Scratch("appended.zip");
        ml.Model.Save(chain, pipeline.Train.Schema, path);
        var loaded = new MLContext().Model.Load(path, out _);
        Assert.Equal(9, loaded.Transform(pipeline.Test).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void A_frozen_feature_column_feeds_any_trainer_of_ML_NET()
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.DetectMotion().Append(ml.Transforms.PretrainMofo(TrainedPipeline.Pretraining()))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 2))
            .Fit(pipeline.Train);
        Assert.Equal(9, model.Transform(pipeline.Test).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void Cross_validation_works()
    {
        var ml = new MLContext(seed: 1);
        var data = Keyed(pipeline.Train);
        var chain = ml.Transforms.DetectMotion().Append(ml.MulticlassClassification.Trainers.MofoFinetune(TrainedPipeline.Finetuning()));
        Assert.Equal(2, ml.MulticlassClassification.CrossValidate(data, chain, numberOfFolds: 2).Count);
    }

    [Fact]
    public void Columns_nobody_asks_for_cost_nothing()
    {
        // A view over a list of files that do not exist can be made, counted and read for its label.
        var list = pipeline.Scratch("absent.csv");
        File.WriteAllLines(list, ["absent.mp4 moved"]);
        var view = pipeline.Model.Transform(pipeline.Ml.Data.LoadVideoList(list));
        Assert.Equal(1, view.GetRowCount() ?? view.GetColumn<uint>("Label").Count());
        Assert.Equal(0u, Assert.Single(view.GetColumn<uint>("Label")));
        Assert.ThrowsAny<Exception>(() => view.GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void Missing_columns_are_named_before_any_work()
    {
        var ml = new MLContext();
        var numbers = ml.Data.LoadFromEnumerable([new { VideoPath = 1f }]);
        Assert.Contains("video column 'VideoPath'", Assert.ThrowsAny<ArgumentOutOfRangeException>(() => ml.Transforms.DetectMotion().Fit(numbers)).Message);
        Assert.Contains("motion column 'MotionBoxes'", Assert.ThrowsAny<ArgumentOutOfRangeException>(() => ml.Transforms.PretrainMofo().Fit(pipeline.Train)).Message);
        var boxes = ml.Transforms.DetectMotion().Fit(pipeline.Train).Transform(pipeline.Train);
        Assert.Contains("label column 'Label'", Assert.ThrowsAny<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Trainers.MofoFinetune().Fit(boxes)).Message);
    }

    [Fact]
    public void Bad_videos_stop_with_file_and_row_or_are_left_out_and_scored_as_missing()
    {
        var bad = pipeline.Scratch("not-a-video.mp4");
        File.WriteAllText(bad, "not a video");
        var list = pipeline.Scratch("with-bad.csv");
        var good = File.ReadAllLines(Path.Combine(pipeline.DataFolder, "train.csv")).Take(4);
        File.WriteAllLines(list, [.. good.Take(2), $"{bad} 0", .. good.Skip(2)]);
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadVideoList(list, pipeline.DataFolder);

        var error = Assert.Throws<VideoException>(() => Skipping(ml, BadVideoHandling.Throw).Fit(data));
        Assert.Equal((bad, 2L), (error.File, error.Row));

        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(e.RawMessage);
            }
        };
        var model = Skipping(ml, BadVideoHandling.Skip).Fit(data);
        Assert.Contains(warnings, w => w.Contains(bad));
        var scored = model.Transform(data);
        Assert.All(scored.GetColumn<float[]>("Score").ElementAt(2), s => Assert.True(float.IsNaN(s)));
        Assert.Equal(0u, scored.GetColumn<uint>("PredictedLabel").ElementAt(2));
        Assert.DoesNotContain(scored.GetColumn<float[]>("Score").ElementAt(3), float.IsNaN);
    }

    [Theory]
    [InlineData("keys first")]
    [InlineData("keys between")]
    [InlineData("cached")]
    [InlineData("pretraining")]
    public void A_bad_video_comes_out_of_Fit_as_itself_whatever_the_order_of_the_chain(string order)
    {
        var ml = new MLContext(seed: 1);
        var detect = ml.Transforms.DetectMotion();
        var keys = ml.Transforms.Conversion.MapValueToKey("Label");
        var finetune = ml.MulticlassClassification.Trainers.MofoFinetune(TrainedPipeline.Finetuning());
        IEstimator<ITransformer> chain = order switch
        {
            "keys first" => keys.Append(detect).Append(finetune),
            "keys between" => detect.Append(keys).Append(finetune),
            "cached" => detect.Append(keys).AppendCacheCheckpoint(ml).Append(finetune),
            _ => detect.Append(keys).Append(ml.Transforms.PretrainMofo(TrainedPipeline.Pretraining())).Append(finetune),
        };
        var good = File.ReadAllLines(Path.Combine(pipeline.DataFolder, "train.csv")).Take(3);
        var list = pipeline.Scratch($"bad-{order}.csv");
        File.WriteAllLines(list, [.. good, "absent.mp4 0"]);
        var error = Assert.Throws<VideoException>(() => chain.Fit(ml.Data.LoadVideoList(list, pipeline.DataFolder)));
        Assert.Equal((Path.Combine(pipeline.DataFolder, "absent.mp4"), 3L), (error.File, error.Row));
    }

    [Fact]
    public void A_trainer_that_is_cancelled_while_motion_is_detected_stops_the_detection()
    {
        using var stop = new CancellationTokenSource();
        var finetuning = TrainedPipeline.Finetuning();
        finetuning.CancellationToken = stop.Token;
        var ml = new MLContext(seed: 1);
        var seen = new ConcurrentBag<MotionDetectionProgress>();
        var detection = new MotionDetectionOptions
        {
            Progress = new ImmediateProgress<MotionDetectionProgress>(progress =>
            {
                seen.Add(progress);
                stop.Cancel();
            }),
        };
        var chain = ml.Transforms.DetectMotion(detection).Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning));
        Assert.ThrowsAny<OperationCanceledException>(() => chain.Fit(pipeline.Train));
        Assert.DoesNotContain(seen, progress => progress.FramesDone > 16); // the first report comes after 16 of 20 frames
    }

    [Fact]
    public void CancelExecution_of_the_context_stops_training()
    {
        var ml = new MLContext(seed: 1);
        var options = TrainedPipeline.Finetuning();
        options.Epochs = 100_000;
        options.Progress = new ImmediateProgress<TrainingProgress>(_ => ml.CancelExecution());
        var chain = ml.Transforms.DetectMotion().Append(ml.MulticlassClassification.Trainers.MofoFinetune(options));
        Assert.ThrowsAny<OperationCanceledException>(() => chain.Fit(Keyed(pipeline.Train)));
    }

    [Fact]
    public void Cancelling_stops_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var options = TrainedPipeline.Finetuning();
        options.Epochs = 1000;
        options.CancellationToken = stop.Token;
        options.Progress = new ImmediateProgress<TrainingProgress>(_ => stop.Cancel());
        var ml = new MLContext(seed: 1);
        var chain = ml.Transforms.DetectMotion().Append(ml.MulticlassClassification.Trainers.MofoFinetune(options));
        Assert.ThrowsAny<OperationCanceledException>(() => chain.Fit(Keyed(pipeline.Train)));
    }

    private static IEstimator<ITransformer> Skipping(MLContext ml, BadVideoHandling handling)
    {
        var finetuning = TrainedPipeline.Finetuning();
        finetuning.OnBadVideo = handling;
        return ml.Transforms.DetectMotion(new MotionDetectionOptions { OnBadVideo = handling })
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning));
    }

    private IDataView Keyed(IDataView data) => pipeline.Ml.Transforms.Conversion.MapValueToKey("Label").Fit(pipeline.Train).Transform(data);

    private List<Scored> Rows(IDataView view) => [.. pipeline.Ml.Data.CreateEnumerable<Scored>(view, reuseRowObject: false)];
}
