#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
// Trains a network on clips without labels (MOFO pretraining) and saves it, for finetuning and for features.
//
//   dotnet run pretrain.cs -- LIST [pretrained.zip] [epochs]
//
// LIST is a text file with one video path on each line, relative to the folder of the list.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: dotnet run pretrain.cs -- LIST [pretrained.zip] [epochs]");
    return 2;
}

var ml = new MLContext(seed: 1);
ml.Log += (_, message) =>
{
    if (message.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Warning)
    {
        Console.Error.WriteLine(message.Message);
    }
};
IDataView clips = ml.Data.LoadVideoList(args[0]);
var options = MofoPretrainingOptions.For(clips: clips.GetColumn<string>("VideoPath").Count());
options.OnBadVideo = BadVideoHandling.Skip;
options.Progress = new EpochLines();
if (args.Length > 2)
{
    options.Epochs = int.Parse(args[2], CultureInfo.InvariantCulture);
    options.WarmupEpochs = 0.1 * options.Epochs;
}

var detection = MotionDetectionOptions.BoxPaths;
detection.OnBadVideo = BadVideoHandling.Skip;
var model = ml.Transforms.DetectMotion(detection).Append(ml.Transforms.PretrainMofo(options)).Fit(clips);

// Finetuning starts from it with InitialWeights = "pretrained.zip".
var output = args.ElementAtOrDefault(1) ?? "pretrained.zip";
ml.Model.SaveMofoModel(model, clips.Schema, output);
Console.WriteLine($"Saved {Path.GetFullPath(output)}");
return 0;

/// <summary>Writes one line for each epoch.</summary>
sealed class EpochLines : IProgress<TrainingProgress>
{
    private int _epoch;

    public void Report(TrainingProgress value)
    {
        if (value.Epoch != _epoch)
        {
            _epoch = value.Epoch;
            Console.WriteLine(FormattableString.Invariant(
                $"epoch {value.Epoch} of {value.Epochs}: loss {value.Loss:0.000} (without looking at the clip: {value.BaselineLoss:0.000}), {value.ClipsPerSecond:0} clips/s"));
        }
    }
}
