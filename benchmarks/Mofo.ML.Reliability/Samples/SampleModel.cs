using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Reliability.Samples;

/// <summary>The whole chain with a network so small that it trains in seconds.</summary>
internal static class SampleModel
{
    public static VitConfig Network { get; } = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        Frames = 4,
        EmbedDim = 48,
        Depth = 2,
        Heads = 3,
        DecoderDim = 24,
        DecoderDepth = 1,
        DecoderHeads = 3,
    };

    public static MotionDetectionOptions Detection(string? cache = null) => new() { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48, FlowThreads = 1, CacheFolder = cache };

    public static MofoPretrainingOptions Pretraining(string? checkpoints = null) => Common(new MofoPretrainingOptions { ClipsPerVideo = 2, WeightDecayEnd = 0.2 }, checkpoints);

    public static MofoFinetuningOptions Finetuning(string? checkpoints = null) => Common(new MofoFinetuningOptions { DropPath = 0.3, HeadDropout = 0.2, TestSegments = 1, TestCrops = 1 }, checkpoints);

    public static IDataView Data(MLContext ml, SampleFiles samples) => ml.Data.LoadVideoList(samples.List);

    /// <summary>Trains, saves and exports the chain.</summary>
    public static void Write(SampleFiles samples)
    {
        var ml = new MLContext(seed: 1);
        var data = Data(ml, samples);
        var chain = ml.Transforms.DetectMotion(options: Detection())
            .Append(ml.Transforms.PretrainMofo(Pretraining()))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(Finetuning()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = chain.Fit(data);
        ml.Model.Save(model, data.Schema, samples.Model);
        ml.Model.ConvertMofoToOnnx(model, samples.Onnx);
    }

    private static T Common<T>(T options, string? checkpoints)
        where T : MofoTrainingOptions
    {
        options.Model = Network;
        options.Epochs = checkpoints is null ? 1 : 2;
        options.BatchSize = 2;
        options.BaseLearningRate = 0.05;
        options.GradientClip = 1;
        options.CheckpointFolder = checkpoints;
        options.CheckpointMinutes = 0; // after every step
        return options;
    }
}
