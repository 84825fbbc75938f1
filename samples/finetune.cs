#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
// Trains a classifier on your clips and saves it. It starts from the weights that come with the library.
//
//   dotnet run finetune.cs -- CLIPS [mofo.zip] [epochs]
//
// CLIPS has one folder per class: CLIPS/opening/a.mp4, CLIPS/closing/b.mov, ...
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: dotnet run finetune.cs -- CLIPS [mofo.zip] [epochs]");
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

// Keep clips of one person or one recording on one side of the split: then write two lists and use LoadVideoList.
var split = ml.Data.TrainTestSplit(ml.Data.LoadVideoFolder(args[0]), testFraction: 0.2, seed: 1);
var options = MofoFinetuningOptions.For(clips: split.TrainSet.GetColumn<string>("VideoPath").Count());
options.Progress = new EpochLines();
if (args.Length > 2)
{
    options.Epochs = int.Parse(args[2], CultureInfo.InvariantCulture);
    options.WarmupEpochs = 0.05 * options.Epochs;
}

// Labels become keys before the pipeline, so that the saved model needs a VideoPath and no Label.
var labels = ml.Transforms.Conversion.MapValueToKey("Label").Fit(split.TrainSet);
var pipeline = ml.Transforms.DetectMotion(MotionDetectionOptions.BoxPaths)
    .Append(ml.MulticlassClassification.Trainers.MofoFinetune(options))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ITransformer model = pipeline.Fit(labels.Transform(split.TrainSet));

var metrics = ml.MulticlassClassification.Evaluate(model.Transform(labels.Transform(split.TestSet)));
Console.WriteLine(FormattableString.Invariant($"top-1 {metrics.MicroAccuracy:0.000} on clips that were held back"));

var output = args.ElementAtOrDefault(1) ?? "mofo.zip";
ml.Model.SaveMofoModel(model, split.TrainSet.Schema, output);
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
            Console.WriteLine(FormattableString.Invariant($"epoch {value.Epoch} of {value.Epochs}: loss {value.Loss:0.000}, {value.ClipsPerSecond:0} clips/s"));
        }
    }
}
