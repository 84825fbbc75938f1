using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Research;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>An exported model run by ML.NET's own ApplyOnnxModel between our clips and our average: the columns of the TorchSharp pipeline.</summary>
public sealed class ApplyOnnxModelTests(TrainedPipeline trained) : IClassFixture<TrainedPipeline>
{
    private const float Tolerance = 1e-5f;
    private readonly MLContext _ml = new(seed: 1);
    private readonly TrainedPipeline _pipeline = trained.Exact();

    [Fact]
    public void Scores_labels_and_metrics_are_those_of_the_TorchSharp_pipeline_also_after_loading()
    {
        var file = _pipeline.Scratch("plain.onnx");
        _ml.Model.ConvertMofoToOnnx(_pipeline.Model, file);
        var estimator = _ml.Transforms.DetectMotion()
            .Append(_ml.Transforms.LoadMofoClips(file))
            .Append(_ml.Transforms.ApplyOnnxModel(["ClipScores"], ["Clips", "ClipBoxes"], file, MofoOnnxModels.ShapesOf(file), null, false))
            .Append(_ml.Transforms.AverageMofoViews(file));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(estimator).Fit(_pipeline.Train);
        var (expected, actual) = (_pipeline.Model.Transform(_pipeline.Test), model.Transform(_pipeline.Test));
        AssertSame(expected, actual);

        var classes = _pipeline.Classifier.ClassLabels;
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        actual.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(classes, names.DenseValues().Select(name => name.ToString()));
        var truth = _pipeline.Test.GetColumn<string>("Label").ToList();
        var scores = expected.GetColumn<float[]>("Score").ToList();
        var metrics = _ml.MulticlassClassification.Evaluate(actual);
        Assert.Equal(scores.Select((score, i) => -Math.Log(score[classes.ToList().IndexOf(truth[i])])).Average(), metrics.LogLoss, 1e-4);
        Assert.Equal(scores.Select((score, i) => classes[score.AsSpan().IndexOf(score.Max())] == truth[i] ? 1.0 : 0).Average(), metrics.MicroAccuracy, 1e-9);

        var zip = _pipeline.Scratch("plain.zip");
        _ml.Model.Save(model, _pipeline.Train.Schema, zip);
        File.Delete(file);
        AssertSame(expected, new MLContext().Model.Load(zip, out _).Transform(_pipeline.Test));
    }

    [Fact]
    public void An_encoder_gives_the_features_of_the_TorchSharp_stage()
    {
        var file = _pipeline.Scratch("plain-encoder.onnx");
        _ml.Model.ConvertMofoToOnnx(_pipeline.Encoder, file);
        var model = _ml.Transforms.DetectMotion()
            .Append(_ml.Transforms.LoadMofoClips(file))
            .Append(_ml.Transforms.ApplyOnnxModel(["ClipFeatures"], ["Clips"], file, MofoOnnxModels.ShapesOf(file), null, false))
            .Append(_ml.Transforms.AverageMofoViews(file)).Fit(_pipeline.Test);
        AssertClose(_pipeline.Model.Transform(_pipeline.Test), model.Transform(_pipeline.Test), "Features");
    }

    [Fact]
    public void The_inputs_have_the_models_shapes_and_a_bad_video_gives_no_numbers()
    {
        var file = _pipeline.Scratch("shapes.onnx");
        _ml.Model.ConvertMofoToOnnx(_pipeline.Model, file);
        var shapes = MofoOnnxModels.ShapesOf(file);
        Assert.Equal([4, 3, 8, 32, 32], shapes["Clips"]);
        Assert.Equal([4, 8, 4], shapes["ClipBoxes"]);
        var rows = _ml.Data.LoadFromEnumerable([new Boxed { VideoPath = _pipeline.Scratch("none.avi") }]);
        var clips = _ml.Transforms.LoadMofoClips(file, options: new MofoClipLoadingOptions { OnBadVideo = BadVideoHandling.Skip }).Fit(rows).Transform(rows);
        Assert.Equal(shapes["Clips"], ((VectorDataViewType)clips.Schema["Clips"].Type).Dimensions);
        Assert.Equal(shapes["ClipBoxes"], ((VectorDataViewType)clips.Schema["ClipBoxes"].Type).Dimensions);
        Assert.All(clips.GetColumn<float[]>("Clips").Single(), value => Assert.True(float.IsNaN(value)));
        var scored = _ml.Transforms.ApplyOnnxModel(["ClipScores"], ["Clips", "ClipBoxes"], file, shapes, null, false)
            .Append(_ml.Transforms.AverageMofoViews(file)).Fit(clips).Transform(clips);
        Assert.Equal(0u, scored.GetColumn<uint>("PredictedLabel").Single());
        Assert.All(scored.GetColumn<float[]>("Score").Single(), value => Assert.True(float.IsNaN(value)));

        var strict = _ml.Transforms.LoadMofoClips(file).Fit(rows).Transform(rows);
        Assert.ThrowsAny<Exception>(() => strict.GetColumn<float[]>("Clips").ToList());
        Assert.Contains("'ClipScores'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.AverageMofoViews(file).Fit(rows)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => _ml.Transforms.LoadMofoClips(_pipeline.Scratch("absent.onnx")));
    }

    [Fact]
    public void The_file_says_how_boxes_were_found()
    {
        var file = _pipeline.Scratch("detection.onnx");
        var detector = new MotionDetectionOptions { BoxMode = BoxMode.PerFrame, Window = 5, PeakCut = 0.35, Rules = BoxRules.EpicKitchens, CacheFolder = _pipeline.Scratch("private") };
        var chain = new TransformerChain<ITransformer>(_ml.Transforms.DetectMotion(detector).Fit(_pipeline.Test), _pipeline.Classifier);
        _ml.Model.ConvertMofoToOnnx(chain, file);
        var found = MofoOnnxModels.DetectionOf(file);
        Assert.NotNull(found);
        Assert.Equal((BoxMode.PerFrame, 5, 0.35, BoxRules.EpicKitchens), (found.BoxMode, found.Window, found.PeakCut, found.Rules));
        Assert.Null(found.CacheFolder);

        _pipeline.Classifier.SaveAsOnnx(file);
        Assert.Null(MofoOnnxModels.DetectionOf(file));
    }

    private static void AssertSame(IDataView expected, IDataView actual)
    {
        AssertClose(expected, actual, "Score");
        var labels = new MLContext().Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(actual).Transform(actual);
        Assert.Equal(expected.GetColumn<string>("PredictedLabel"), labels.GetColumn<string>("PredictedLabel"));
    }

    private static void AssertClose(IDataView expected, IDataView actual, string column)
    {
        var pairs = expected.GetColumn<float[]>(column).Zip(actual.GetColumn<float[]>(column)).ToList();
        Assert.NotEmpty(pairs);
        Assert.All(pairs, pair => Assert.InRange(pair.First.Zip(pair.Second).Max(p => Math.Abs(p.First - p.Second)), 0, Tolerance));
    }

    private sealed class Boxed
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }
}
