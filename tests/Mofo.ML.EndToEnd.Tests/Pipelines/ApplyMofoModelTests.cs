using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>Weights as a stage: the trained pipeline's own, in files and folders as others write them, must score as the pipeline does.</summary>
public sealed partial class ApplyMofoModelTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_weight_file_scores_as_the_trained_classifier_and_needs_its_boxes()
    {
        var boxes = Boxes();
        var estimator = _ml.Transforms.ApplyMofoModel(ClassifierFile(), Views(ClipSampling.Uniform));
        Assert.Equal(MotionFusion.MultiHeadCrossAttention, estimator.Description.Fusion);
        using var model = estimator.Fit(boxes);
        Assert.Equal(Rows(pipeline.Classifier, boxes).Select(row => row.Score), Rows(model, boxes).Select(row => row.Score), Close);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(pipeline.Test));
        Assert.Contains("Could not find the motion column 'MotionBoxes'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Put mlContext.Transforms.DetectMotion() before ApplyMofoModel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_fusion_no_boxes_are_needed()
    {
        var options = Views(ClipSampling.Uniform);
        options.Fusion = MotionFusion.None;
        using var model = _ml.Transforms.ApplyMofoModel(ClassifierFile(), options).Fit(pipeline.Test);
        Assert.All(Rows(model, pipeline.Test), row => Assert.Equal(1, row.Score.Sum(), 1e-5f));
    }

    [Fact]
    public void A_HuggingFace_folder_gives_the_features_of_the_encoder()
    {
        var folder = Folder("encoder", pipeline.Encoder, meanPooling: false);
        using var model = _ml.Transforms.ApplyMofoModel(folder, new MofoModelOptions { FrameStride = TrainedPipeline.Pretraining().FrameStride }).Fit(pipeline.Test);
        var boxes = Boxes();
        Assert.Equal(Rows(pipeline.Encoder, boxes).Select(row => row.Features), Rows(model, pipeline.Test).Select(row => row.Features), (a, b) => Near(a, b, 0.02f)); // both may run in bfloat16
        Assert.Empty(model.ClassLabels);
        Assert.Null(model.GetOutputSchema(pipeline.Test.Schema).GetColumnOrNull("Score"));
    }

    [Fact]
    public void No_row_is_read_until_results_are()
    {
        var untouched = new Untouched(pipeline.Test);
        using var model = _ml.Transforms.ApplyMofoModel(Folder("untouched", pipeline.Encoder, meanPooling: false)).Fit(untouched);
        Assert.NotNull(model.Transform(untouched).Schema.GetColumnOrNull("Features"));
    }

    [Fact]
    public void Class_names_are_slot_names_and_key_values()
    {
        var names = File.ReadAllLines(Path.Combine(pipeline.DataFolder, "classes.txt"));
        var options = Views(ClipSampling.Uniform);
        options.ClassNamesPath = Path.Combine(pipeline.DataFolder, "classes.txt");
        var boxes = Boxes();
        using var model = _ml.Transforms.ApplyMofoModel(ClassifierFile(), options).Fit(boxes);
        Assert.Equal(names, model.ClassLabels);

        var schema = model.GetOutputSchema(boxes.Schema);
        VBuffer<ReadOnlyMemory<char>> slots = default, values = default;
        schema["Score"].GetSlotNames(ref slots);
        schema["PredictedLabel"].GetKeyValues(ref values);
        Assert.Equal(names, slots.DenseValues().Select(name => name.ToString()));
        Assert.Equal(names, values.DenseValues().Select(name => name.ToString()));
        var mapped = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(boxes)).Transform(model.Transform(boxes));
        Assert.All(mapped.GetColumn<string>("PredictedLabel"), name => Assert.Contains(name, names));

        options.ClassNamesPath = pipeline.Scratch("two.txt");
        File.WriteAllLines(options.ClassNamesPath, ["one", "two"]);
        Assert.Contains("two.txt has 2 names; the head of", Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ApplyMofoModel(ClassifierFile(), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_and_loaded_it_scores_the_same_in_a_prediction_engine_without_label_or_boxes()
    {
        var folder = Folder("saved", pipeline.Classifier, meanPooling: true);
        var chain = _ml.Transforms.ApplyMofoModel(folder, new MofoModelOptions { Fusion = MotionFusion.None, Precision = Precision.Float32 })
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var paths = _ml.Data.LoadFromEnumerable(pipeline.Test.GetColumn<string>("VideoPath").Select(path => new PathAlone { VideoPath = path }));
        var expected = Rows(chain.Fit(paths), paths);
        var zip = pipeline.Scratch("published.zip");
        _ml.Model.Save(chain.Fit(paths), paths.Schema, zip);
        Directory.Delete(folder, recursive: true);

        var ml = new MLContext();
        var loaded = ml.Model.Load(zip, out _);
        using var engine = ml.Model.CreatePredictionEngine<PathAlone, Named>(loaded);
        foreach (var row in expected)
        {
            var single = engine.Predict(new PathAlone { VideoPath = row.VideoPath });
            Assert.Equal(row.Score, single.Score, Close);
            Assert.Equal(row.Features, single.Features, (a, b) => MathF.Abs(a - b) < 1e-4f);
            Assert.Equal($"class {Array.IndexOf(row.Score, row.Score.Max())}", single.PredictedLabel);
        }
    }

    [Fact]
    public void A_second_process_needs_no_registration()
    {
        var zip = pipeline.Scratch("second.zip");
        using var model = _ml.Transforms.ApplyMofoModel(Folder("second", pipeline.Classifier, meanPooling: true), new MofoModelOptions { Fusion = MotionFusion.None }).Fit(pipeline.Test);
        _ml.Model.Save(model, pipeline.Test.Schema, zip);
        var run = SecondProcess.Run("columns", zip, pipeline.TestList);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("Features:", run.Output, StringComparison.Ordinal);
        Assert.Contains("Score:9", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_clips_are_scored_with_interpolated_positions_and_the_log_says_so()
    {
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        var folder = Folder("other", pipeline.Classifier, meanPooling: true);
        var options = new MofoModelOptions { Fusion = MotionFusion.None, Frames = 4, ImageSize = 48 };
        using var model = _ml.Transforms.ApplyMofoModel(folder, options).Fit(pipeline.Test);
        Assert.All(Rows(model, pipeline.Test), row => Assert.Equal(1, row.Score.Sum(), 1e-5f));
        Assert.Contains(messages, message => message.Contains("Positions are interpolated from 8 frames of 32 pixels to 4 frames of 48 pixels.", StringComparison.Ordinal));
        options.ImageSize = 50;
        Assert.Contains("ImageSize is 50; it must be a multiple of PatchSize (8).", Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ApplyMofoModel(folder, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_videos_are_skipped_and_progress_and_cancellation_are_honoured()
    {
        var good = pipeline.Test.GetColumn<string>("VideoPath").First();
        var rows = _ml.Data.LoadFromEnumerable(new[] { good, pipeline.Scratch("no such.mp4"), good }.Select(path => new PathAlone { VideoPath = path }));
        var seen = new List<VideoProgress>();
        using var cancel = new CancellationTokenSource();
        var options = new MofoModelOptions
        {
            Fusion = MotionFusion.None,
            OnBadVideo = BadVideoHandling.Skip,
            Progress = new ImmediateProgress<VideoProgress>(seen.Add),
            CancellationToken = cancel.Token,
        };
        using var model = _ml.Transforms.ApplyMofoModel(Folder("bad", pipeline.Classifier, meanPooling: true), options).Fit(rows);
        var scored = Rows(model, rows);
        Assert.All(scored[1].Score, score => Assert.True(float.IsNaN(score)));
        Assert.All(scored[1].Features, feature => Assert.True(float.IsNaN(feature)));
        Assert.Equal(0u, model.Transform(rows).GetColumn<uint>("PredictedLabel").ElementAt(1));
        Assert.Equal([1, 2, 3], seen.Take(3).Select(p => p.VideosDone));
        Assert.Equal([0, 1, 1], seen.Take(3).Select(p => p.VideosSkipped));

        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Rows(model, rows));
    }

    [Fact]
    public void Limits_on_videos_are_kept_and_checked()
    {
        var options = new MofoModelOptions { Fusion = MotionFusion.None, OnBadVideo = BadVideoHandling.Skip, VideoLimits = new() { MaxFrames = 3 } };
        var warnings = new List<string>();
        options.Warning = warnings.Add;
        using var model = _ml.Transforms.ApplyMofoModel(Folder("limits", pipeline.Classifier, meanPooling: true), options).Fit(pipeline.Test);
        Assert.All(Rows(model, pipeline.Test), row => Assert.True(float.IsNaN(row.Score[0])));
        Assert.Contains(warnings, warning => warning.Contains("it has more than 3 frames (VideoLimits.MaxFrames)", StringComparison.Ordinal));
        Assert.Contains("VideoLimits.MaxFrames is 0", Assert.Throws<MofoOptionsException>(() => new MofoModelOptions { VideoLimits = new() { MaxFrames = 0 } }.Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_published_network_is_refused_when_the_pipeline_is_made()
    {
        Assert.Contains("a saved model is loaded with mlContext.Model.Load", Assert.Throws<WeightFileException>(() => _ml.Transforms.ApplyMofoModel(pipeline.ModelPath)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => _ml.Transforms.ApplyMofoModel(pipeline.Scratch("nothing.pth")));
        var options = new MofoModelOptions { Heads = 0, TestSegments = 65, Mean = [1, 2] };
        var problems = Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ApplyMofoModel(ClassifierFile(), options)).Problems;
        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void Features_of_published_weights_feed_trainers_of_ML_NET()
    {
        var chain = _ml.Transforms.ApplyMofoModel(Folder("probe", pipeline.Encoder, meanPooling: false))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = 3 }));
        var model = chain.Fit(pipeline.Test);
        Assert.Equal(9, _ml.MulticlassClassification.Evaluate(model.Transform(pipeline.Test)).ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void A_finetuned_classifier_predicts_without_a_label()
    {
        using var engine = _ml.Model.CreatePredictionEngine<PathAndBoxes, Scores>(pipeline.Classifier, new PredictionEngineOptions { OwnsTransformer = false });
        var row = Rows(pipeline.Classifier, Boxes())[0];
        Assert.Equal(row.Score, engine.Predict(new PathAndBoxes { VideoPath = row.VideoPath, MotionBoxes = row.MotionBoxes }).Score, Close);
    }

    [Fact]
    public void A_chain_predicts_without_a_label_where_the_label_is_mapped_for_training_only()
    {
        var chain = _ml.Transforms.DetectMotion()
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"), TransformerScope.TrainTest)
            .Append(_ml.MulticlassClassification.Trainers.MofoFinetune(TrainedPipeline.Finetuning()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var zip = pipeline.Scratch("scopes.zip");
        _ml.Model.Save(chain.Fit(pipeline.Train), pipeline.Train.Schema, zip);
        var loaded = Assert.IsType<TransformerChain<ITransformer>>(_ml.Model.Load(zip, out _));
        using var engine = _ml.Model.CreatePredictionEngine<PathAlone, Scored>(loaded.GetModelFor(TransformerScope.Scoring));
        var path = pipeline.Test.GetColumn<string>("VideoPath").First();
        Assert.NotEqual("", engine.Predict(new PathAlone { VideoPath = path }).PredictedLabel);
    }

    private static bool Close(float a, float b) => MathF.Abs(a - b) < 1e-5f;

    private static bool Close(float[] a, float[] b) => Near(a, b, 1e-4f);

    private static bool Near(float[] a, float[] b, float tolerance) => a.Length == b.Length && a.Zip(b).All(pair => MathF.Abs(pair.First - pair.Second) < tolerance);

    private static List<Scored> Rows(ITransformer model, IDataView input)
    {
        var output = model.Transform(input);
        var hasScore = output.Schema.GetColumnOrNull("Score") is not null;
        var paths = output.GetColumn<string>("VideoPath").ToList();
        var features = output.Schema.GetColumnOrNull("Features") is null ? null : output.GetColumn<float[]>("Features").ToList();
        var boxes = output.Schema.GetColumnOrNull("MotionBoxes") is null ? null : output.GetColumn<float[]>("MotionBoxes").ToList();
        var scores = hasScore ? output.GetColumn<float[]>("Score").ToList() : null;
        return [.. paths.Select((path, i) => new Scored { VideoPath = path, Features = features?[i] ?? [], Score = scores?[i] ?? [], MotionBoxes = boxes?[i] ?? [] })];
    }

    private IDataView Boxes() => _ml.Data.Cache(_ml.Transforms.DetectMotion().Fit(pipeline.Test).Transform(pipeline.Test));

    private static MofoModelOptions Views(ClipSampling sampling)
    {
        var trained = TrainedPipeline.Finetuning();
        return new MofoModelOptions { Sampling = sampling, TestSegments = trained.TestSegments, TestCrops = trained.TestCrops, Precision = Precision.Auto };
    }
}
