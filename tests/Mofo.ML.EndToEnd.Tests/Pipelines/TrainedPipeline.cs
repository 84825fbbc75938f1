using ActionRecognition.Rendering;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>The whole chain trained once on a few rendered clips with a tiny network: enough to move data through every stage.</summary>
public sealed class TrainedPipeline : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-pipeline-");

    public TrainedPipeline()
    {
        RenderedDataSet.Ensure(DataFolder, new DataSetOptions { TrainClipsPerClass = 2, TestClipsPerClass = 1, Frames = 20 });
        Ml = new MLContext(seed: 1);
        Train = List("train.csv");
        Test = List("test.csv");
        Model = (ITransformer)Chain(Ml).Fit(Train);
        Ml.Model.Save(Model, Train.Schema, ModelPath);
    }

    internal static VitConfig TinyModel { get; } = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        Frames = 8,
        EmbedDim = 48,
        Depth = 2,
        Heads = 3,
        DecoderDim = 24,
        DecoderDepth = 1,
        DecoderHeads = 3,
    };

    internal MLContext Ml { get; }

    internal IDataView Train { get; }

    internal IDataView Test { get; }

    internal ITransformer Model { get; }

    internal MofoClassificationTransformer Classifier => ((IEnumerable<ITransformer>)Model).OfType<MofoClassificationTransformer>().Single();

    internal MofoPretrainedTransformer Encoder => ((IEnumerable<ITransformer>)Model).OfType<MofoPretrainedTransformer>().Single();

    internal string DataFolder => Path.Combine(_folder.FullName, "data");

    internal string ModelPath => Path.Combine(_folder.FullName, "mofo.zip");

    internal string TestList => Path.Combine(DataFolder, "test.csv");

    /// <summary>
    /// For comparison with ONNX Runtime: float32 throughout, where TorchSharp would take bfloat16 if the processor has it, and a head whose scores are far apart.
    /// </summary>
    internal TrainedPipeline Exact()
    {
        ComputeTypes.Apply(Classifier.Model, ScalarType.Float32);
        ComputeTypes.Apply(Encoder.Model, ScalarType.Float32);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _ = Classifier.Model.named_parameters().Single(p => p.name == "head.weight").parameter.normal_(0, 1, new Generator(1));
        return this;
    }

    public void Dispose()
    {
        (Model as IDisposable)?.Dispose();
        _folder.Delete(recursive: true);
    }

    internal static IEstimator<ITransformer> Chain(MLContext ml) => ml.Transforms.DetectMotion()
        .Append(ml.Transforms.PretrainMofo(Pretraining()))
        .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(ml.MulticlassClassification.Trainers.MofoFinetune(Finetuning()))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    internal static MofoPretrainingOptions Pretraining() => new() { Model = TinyModel, Epochs = 1, BatchSize = 4, BaseLearningRate = 0.02 };

    internal static MofoFinetuningOptions Finetuning() => new()
    {
        Model = TinyModel,
        Epochs = 1,
        BatchSize = 4,
        BaseLearningRate = 0.02,
        TestSegments = 2,
        TestCrops = 2,
    };

    internal IDataView List(string name) => Ml.Data.LoadVideoList(Path.Combine(DataFolder, name), classNamesPath: Path.Combine(DataFolder, "classes.txt"));

    internal string Scratch(string name) => Path.Combine(_folder.FullName, name);
}
