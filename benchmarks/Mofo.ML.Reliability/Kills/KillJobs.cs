using Microsoft.ML;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Reliability.Kills;

/// <summary>The work that is killed: each job writes into a folder of its own, and run again there it must end in the same bits.</summary>
internal static class KillJobs
{
    /// <summary>Writing one small file takes milliseconds; a kill has to have something to hit.</summary>
    private const int Repeats = 40;

    private static readonly Dictionary<string, Action<SampleFiles, string>> Jobs = new()
    {
        ["detection"] = Detect,
        ["pretraining"] = (samples, folder) => Train(samples, folder, (ml, checkpoints) => ml.Transforms.PretrainMofo(SampleModel.Pretraining(checkpoints))),
        ["finetuning"] = (samples, folder) => Train(samples, folder, (ml, checkpoints) => ml.MulticlassClassification.Trainers.MofoFinetune(options: Finetuning(checkpoints))),
        ["saving"] = Save,
        ["export"] = Export,
    };

    public static IReadOnlyCollection<string> Names => Jobs.Keys;

    /// <summary>Does a job; says "begin" when the work begins.</summary>
    public static void Run(string name, SampleFiles samples, string folder)
    {
        Directory.CreateDirectory(folder);
        Jobs[name](samples, folder);
    }

    private static void Begin()
    {
        Console.WriteLine("begin");
        Console.Out.Flush();
    }

    private static void Detect(SampleFiles samples, string folder)
    {
        Begin();
        var detector = new MotionDetector(SampleModel.Detection(Path.Combine(folder, "boxes")));
        BoxJson.Write(Path.Combine(folder, "boxes.json"), samples.ClipFiles().Select(file => KeyValuePair.Create(Path.GetFileName(file), detector.Detect(file))));
    }

    private static void Train(SampleFiles samples, string folder, Func<MLContext, string, IEstimator<ITransformer>> trainer)
    {
        var ml = new MLContext(seed: 5);
        var data = SampleModel.Data(ml, samples);
        var labelled = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        Begin();
        var detected = ml.Transforms.DetectMotion(options: SampleModel.Detection(Path.Combine(folder, "boxes"))).Fit(labelled).Transform(labelled);
        var model = trainer(ml, Path.Combine(folder, "checkpoints")).Fit(detected);
        ml.Model.SaveMofoModel(model, detected.Schema, Path.Combine(folder, "model.zip"));
    }

    private static MofoFinetuningOptions Finetuning(string checkpoints)
    {
        var options = SampleModel.Finetuning(checkpoints);
        options.ClipCacheFolder = checkpoints + "-clips";
        return options;
    }

    private static void Save(SampleFiles samples, string folder)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(samples.Model, out var schema);
        Begin();
        for (var i = 0; i < Repeats; i++)
        {
            ml.Model.SaveMofoModel(model, schema, Path.Combine(folder, "model.zip"));
        }
    }

    private static void Export(SampleFiles samples, string folder)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(samples.Model, out _);
        var scored = model.Transform(ml.Data.LoadVideoList(samples.List));
        var report = ml.MulticlassClassification.ReportVideos(scored).Videos;
        Begin();
        for (var i = 0; i < Repeats; i++)
        {
            ml.Model.ConvertMofoToOnnx(model, Path.Combine(folder, "model.onnx"));
            ml.Model.ConvertMofoToOnnx(model, Path.Combine(folder, "half.onnx"), new MofoOnnxExportOptions { Precision = MofoOnnxPrecision.Float16 });
            _ = MofoWeights.Convert(samples.Model, Path.Combine(folder, "weights.safetensors"));
            report.SaveCsv(Path.Combine(folder, "scores.csv"));
            report.SaveParquet(Path.Combine(folder, "scores.parquet"));
        }
    }
}
