// The second process of the end-to-end tests: it knows the model file and the public API, nothing of how the model was made.
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using OpenCvSharp;
using TorchSharp;

namespace Mofo.ML.ModelUser;

internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["native"]:
                    UseBothNativeLibraries();
                    return 0;
                case ["threads", var start]:
                    PrintTorchThreads(start);
                    return 0;
                case ["heap"]:
                    PrintHeapFlags();
                    return 0;
                case ["onnx-runtime"]:
                    _ = new MofoRunOptions(); // any type of the library
                    Console.WriteLine(OrtEnv.Instance().GetVersionString());
                    return 0;
                case ["fit", var list, var model]:
                    WholeChain.Fit(list, model);
                    return 0;
                case ["predict", var model, var list, var output]:
                    File.WriteAllText(output, JsonSerializer.Serialize(Predict(model, list)));
                    return 0;
                case ["columns", var model, var list]:
                    PrintColumns(model, list);
                    return 0;
                case ["train", var stage, var list, var checkpoints, var output]:
                    LongTraining.Run(stage, list, checkpoints, output);
                    return 0;
                case ["culture", var name]:
                    Console.WriteLine((-0.5).ToString(CultureInfo.GetCultureInfo(name)));
                    return 0;
                case ["cultures", var list, var folder, .. var names]:
                    CultureTrace.Run(list, folder, names);
                    return 0;
                default:
                    Console.Error.WriteLine(
                        "Usage: ModelUser native | threads START | heap | onnx-runtime | fit LIST MODEL | predict MODEL LIST OUTPUT | columns MODEL LIST | train STAGE LIST CHECKPOINTS OUTPUT | culture NAME | cultures LIST FOLDER NAME...");
                    return 2;
            }
        }
        catch (Exception e)
        {
            for (var error = e; error is not null; error = error.InnerException!)
            {
                Console.Error.WriteLine($"{error.GetType().Name}: {error.Message}");
            }

            return 1;
        }
    }

    private static void UseBothNativeLibraries()
    {
        // Any public entry point of the library starts the native loading.
        _ = new MLContext().Transforms.PretrainMofo();
        using var ones = torch.ones(3, 4);
        using var picture = new Mat(4, 4, MatType.CV_8UC1, new OpenCvSharp.Scalar(7));
        using var video = new VideoCapture();
        Console.WriteLine($"{ones.sum().item<float>()} {Cv2.Sum(picture).Val0} {video.IsOpened()}");
    }

    /// <summary>Prints torch's number of threads once a stage is made or a model is loaded.</summary>
    private static void PrintTorchThreads(string start)
    {
        var ml = new MLContext();
        _ = start == "stage" ? (object)ml.Transforms.PretrainMofo() : ml.Model.Load(PretrainedWeights.Micro, out _);
        Console.WriteLine(torch.get_num_threads().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Prints the kernel's flags of all parts of the heap, once the library is loaded.</summary>
    private static void PrintHeapFlags()
    {
        _ = new MLContext().Transforms.PretrainMofo();
        var inHeap = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            inHeap = char.IsAsciiHexDigitLower(line[0]) || char.IsAsciiDigit(line[0]) ? line.EndsWith("[heap]", StringComparison.Ordinal) : inHeap;
            if (inHeap && line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                Console.WriteLine(line);
            }
        }
    }

    /// <summary>Applies a saved model and prints its vector columns with their length in the first row.</summary>
    private static void PrintColumns(string modelPath, string list)
    {
        var ml = new MLContext();
        var scored = ml.Model.Load(modelPath, out _).Transform(ml.Data.LoadVideoList(list));
        foreach (var column in scored.Schema.Where(column => column.Type is VectorDataViewType { ItemType: NumberDataViewType }))
        {
            Console.WriteLine($"{column.Name}:{scored.GetColumn<float[]>(column.Name).First().Length}");
        }
    }

    private static List<Prediction> Predict(string modelPath, string list)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(modelPath, out _);
        var scored = model.Transform(ml.Data.LoadVideoList(list));
        var rows = ml.Data.CreateEnumerable<Output>(scored, reuseRowObject: false).ToList();

        // The same through a prediction engine, row by row.
        using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
        return [.. rows.Select(row =>
        {
            var single = engine.Predict(new Input { VideoPath = row.VideoPath });
            return new Prediction(row.VideoPath, row.MotionBoxes, row.Features, row.Score, row.PredictedLabel, single.Score, single.PredictedLabel);
        })];
    }

    internal sealed record Prediction(
        string VideoPath, float[] MotionBoxes, float[] Features, float[] Score, string PredictedLabel, float[] EngineScore, string EngineLabel);

    private sealed class Input
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Output
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];

        public float[] Features { get; set; } = [];

        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }
}
