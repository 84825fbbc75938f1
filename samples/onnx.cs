#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
#:package Microsoft.ML.OnnxRuntime@1.31.1
// Writes a trained classifier as an ONNX file and scores videos with ONNX Runtime.
//
//   dotnet run onnx.cs -- mofo.zip model.onnx VIDEO...
//
// A program that only scores needs Mofo.ML.Transforms, OpenCV and ONNX Runtime; it needs no libtorch (docs/onnx.md).
using Microsoft.ML;
using Mofo.ML.Transforms;

if (args.Length < 3)
{
    Console.Error.WriteLine("Usage: dotnet run onnx.cs -- mofo.zip model.onnx VIDEO...");
    return 2;
}

var ml = new MLContext();
ml.Model.ConvertMofoToOnnx(ml.Model.Load(args[0], out _), args[1]);

// The file names the settings with which motion was detected for training.
IDataView videos = ml.Data.LoadFromEnumerable(args.Skip(2).Select(path => new Video { VideoPath = path }));
var pipeline = ml.Transforms.DetectMotion(MofoOnnxModels.DetectionOf(args[1]) ?? new MotionDetectionOptions())
    .Append(ml.Transforms.ApplyMofoOnnxModel(args[1]))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
foreach (var row in ml.Data.CreateEnumerable<Prediction>(pipeline.Fit(videos).Transform(videos), reuseRowObject: false))
{
    Console.WriteLine(FormattableString.Invariant($"{row.VideoPath}: {row.PredictedLabel} {row.Score.Max():0.000}"));
}

return 0;

class Video
{
    public string VideoPath { get; set; } = "";
}

class Prediction : Video
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
