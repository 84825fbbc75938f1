using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>A trained pipeline exported to ONNX and scored by ONNX Runtime: the same columns as from TorchSharp.</summary>
public sealed class OnnxScoringTests(TrainedPipeline trained) : IClassFixture<TrainedPipeline>
{
    private const float Tolerance = 1e-5f;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TrainedPipeline _pipeline = trained.Exact();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void Scores_and_labels_are_those_of_the_TorchSharp_pipeline(int batch)
    {
        var expected = Rows(_pipeline.Model);
        var model = Chain(Export($"batch{batch}.onnx"), new MofoOnnxModelOptions { BatchSize = batch }).Fit(_pipeline.Test);
        AssertSame(expected, Rows(model));
        Assert.Contains(expected, row => row.Score.Max() > 0.5);
        Assert.Equal(SlotNames(_pipeline.Model.Transform(_pipeline.Test)), SlotNames(model.Transform(_pipeline.Test)));
    }

    [Fact]
    public void A_saved_pipeline_holds_the_model_and_scores_single_rows_too()
    {
        var file = Export("saved.onnx");
        var zip = _pipeline.Scratch("onnx.zip");
        _ml.Model.Save(Chain(file).Fit(_pipeline.Test), _pipeline.Test.Schema, zip);
        File.Delete(file);
        var expected = Rows(_pipeline.Model);
        var loaded = new MLContext().Model.Load(zip, out _);
        AssertSame(expected, Rows(loaded));
        using var engine = _ml.Model.CreatePredictionEngine<Query, OnnxScored>(loaded);
        var single = engine.Predict(new Query { VideoPath = expected[2].VideoPath });
        AssertSame([expected[2]], [single]);
    }

    [Fact]
    public void A_model_with_a_second_file_is_kept_by_its_path()
    {
        var file = _pipeline.Scratch("outside.onnx");
        _pipeline.Classifier.SaveAsOnnx(file, new MofoOnnxExportOptions { SingleFileLimit = 1000 });
        Assert.True(File.Exists(file + ".data"));
        var zip = _pipeline.Scratch("outside.zip");
        _ml.Model.Save(Chain(file).Fit(_pipeline.Test), _pipeline.Test.Schema, zip);
        Assert.True(new FileInfo(zip).Length < new FileInfo(file + ".data").Length / 2);
        AssertSame(Rows(_pipeline.Model), Rows(_ml.Model.Load(zip, out _)));
    }

    [Fact]
    public void A_file_beside_the_model_that_it_does_not_name_changes_nothing()
    {
        var file = Export("beside.onnx");
        File.WriteAllText(file + ".data", "stray");
        var zip = _pipeline.Scratch("beside.zip");
        _ml.Model.Save(Chain(file).Fit(_pipeline.Test), _pipeline.Test.Schema, zip);
        File.Delete(file);
        AssertSame(Rows(_pipeline.Model), Rows(new MLContext().Model.Load(zip, out _)));
    }

    [Fact]
    public void A_missing_second_file_is_named_before_any_work()
    {
        var file = _pipeline.Scratch("halved.onnx");
        _pipeline.Classifier.SaveAsOnnx(file, new MofoOnnxExportOptions { SingleFileLimit = 1000 });
        File.Delete(file + ".data");
        Assert.Contains("halved.onnx.data", Assert.Throws<FileNotFoundException>(() => _ml.Transforms.ApplyMofoOnnxModel(file)).Message);
    }

    [Fact]
    public void A_second_file_outside_the_folder_is_refused()
    {
        var file = _pipeline.Scratch("outward.onnx");
        _pipeline.Classifier.SaveAsOnnx(file, new MofoOnnxExportOptions { SingleFileLimit = 1000 });
        var bytes = File.ReadAllBytes(file);
        var name = "outward.onnx.data"u8;
        for (var at = bytes.AsSpan().IndexOf(name); at >= 0; at = bytes.AsSpan().IndexOf(name))
        {
            "../ard.onnx.data"u8.CopyTo(bytes.AsSpan(at));
            bytes[at + 16] = (byte)'x';
        }

        using (var stream = File.Create(file))
        {
            stream.Write(bytes);
        }

        Assert.Contains("outside its folder: '../ard.onnx.datax'", Assert.Throws<InvalidDataException>(() => _ml.Transforms.ApplyMofoOnnxModel(file)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_GPU_that_is_not_there_is_an_error_or_a_warning_as_the_context_says(bool fallBack)
    {
        var ml = new MLContext { GpuDeviceId = 77, FallbackToCpu = fallBack };
        var warnings = new List<string>();
        var chain = ml.Transforms.DetectMotion().Append(ml.Transforms.ApplyMofoOnnxModel(Export($"gpu-{fallBack}.onnx"), options: new MofoOnnxModelOptions { Warning = warnings.Add }));
        if (fallBack)
        {
            _ = chain.Fit(_pipeline.Test);
            Assert.Contains("GpuDeviceId is 77", Assert.Single(warnings));
        }
        else
        {
            Assert.Contains("GpuDeviceId is 77", Assert.Throws<InvalidOperationException>(() => chain.Fit(_pipeline.Test)).Message);
        }
    }

    [Fact]
    public void The_evaluator_takes_the_columns()
    {
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.DetectMotion()).Append(_ml.Transforms.ApplyMofoOnnxModel(Export("judged.onnx")));
        var scored = chain.Fit(_pipeline.Train).Transform(_pipeline.Test);
        var truth = _pipeline.Test.GetColumn<string>("Label").ToList();
        var classes = _pipeline.Classifier.ClassLabels.ToList();
        var loss = Rows(_pipeline.Model).Select((row, i) => -Math.Log(row.Score[classes.IndexOf(truth[i])])).Average();
        Assert.Equal(loss, _ml.MulticlassClassification.Evaluate(scored).LogLoss, 1e-4);
    }

    [Fact]
    public void An_encoder_gives_the_features_of_the_TorchSharp_stage()
    {
        var file = _pipeline.Scratch("encoder.onnx");
        _ml.Model.ConvertMofoToOnnx(_pipeline.Encoder, file);
        var model = _ml.Transforms.DetectMotion().Append(_ml.Transforms.ApplyMofoOnnxModel(file)).Fit(_pipeline.Test);
        var features = model.Transform(_pipeline.Test).GetColumn<float[]>("Features").ToList();
        var expected = _pipeline.Model.Transform(_pipeline.Test).GetColumn<float[]>("Features").ToList();
        Assert.Equal(expected.Count, features.Count);
        Assert.All(expected.Zip(features), pair => Assert.InRange(Gap(pair.First, pair.Second), 0, Tolerance));
    }

    [Fact]
    public void A_video_that_cannot_be_read_is_thrown_or_skipped_as_asked()
    {
        var file = Export("bad.onnx");
        var bad = _ml.Data.LoadFromEnumerable([new Boxed { VideoPath = _pipeline.Scratch("none.avi"), MotionBoxes = [] }]);
        var strict = _ml.Transforms.ApplyMofoOnnxModel(file).Fit(bad).Transform(bad);
        Assert.ThrowsAny<Exception>(() => strict.GetColumn<float[]>("Score").ToList());
        var lenient = _ml.Transforms.ApplyMofoOnnxModel(file, options: new MofoOnnxModelOptions { OnBadVideo = BadVideoHandling.Skip }).Fit(bad).Transform(bad);
        Assert.All(lenient.GetColumn<float[]>("Score").Single(), score => Assert.True(float.IsNaN(score)));
        Assert.Equal(0u, lenient.GetColumn<uint>("PredictedLabel").Single());
    }

    [Fact]
    public void Files_that_are_no_exported_model_are_refused()
    {
        var bytes = File.ReadAllBytes(Export("whole.onnx"));
        foreach (var (name, content) in new[] { ("cut", bytes[..(bytes.Length / 2)]), ("text", "not a model"u8.ToArray()), ("empty", []) })
        {
            var path = _pipeline.Scratch(name + ".onnx");
            File.WriteAllBytes(path, content);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => _ml.Transforms.ApplyMofoOnnxModel(path)).Message);
        }

        Assert.Throws<FileNotFoundException>(() => _ml.Transforms.ApplyMofoOnnxModel(_pipeline.Scratch("absent.onnx")));
        Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ApplyMofoOnnxModel(_pipeline.Scratch("whole.onnx"), options: new MofoOnnxModelOptions { BatchSize = 0 }));
    }

    private static float Gap(float[] expected, float[] actual) => expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));

    private static void AssertSame(List<OnnxScored> expected, List<OnnxScored> actual)
    {
        Assert.Equal(expected.Select(row => row.PredictedLabel), actual.Select(row => row.PredictedLabel));
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Gap(pair.First.Score, pair.Second.Score), 0, Tolerance));
    }

    private static string[] SlotNames(IDataView view)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private string Export(string name)
    {
        var path = _pipeline.Scratch(name);
        _ml.Model.ConvertMofoToOnnx(_pipeline.Model, path);
        return path;
    }

    private IEstimator<ITransformer> Chain(string file, MofoOnnxModelOptions? options = null) => _ml.Transforms.DetectMotion()
        .Append(_ml.Transforms.ApplyMofoOnnxModel(file, options: options))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private List<OnnxScored> Rows(ITransformer model) => [.. _ml.Data.CreateEnumerable<OnnxScored>(model.Transform(_pipeline.Test), reuseRowObject: false)];

    /// <summary>The columns that both pipelines have.</summary>
    public sealed class OnnxScored
    {
        public string VideoPath { get; set; } = "";

        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Boxed
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }
}
