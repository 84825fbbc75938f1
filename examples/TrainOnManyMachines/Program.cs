// Detection, pretraining, finetuning and evaluation on as many processes as mpirun starts; alone without mpirun.
//
//   dotnet build -c Release examples/TrainOnManyMachines
//   mpirun.mpich -n 2 dotnet examples/TrainOnManyMachines/bin/Release/net10.0/TrainOnManyMachines.dll            (renders its clips)
//   ... TrainOnManyMachines.dll --data DIR [--network small] [--epochs 800] [--batch 1024] [--bfloat16]          (DIR holds train.csv, test.csv, classes.txt)
using ActionRecognition.Rendering;
using Microsoft.ML;
using Mofo.ML.Distributed;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using TrainOnManyMachines;
using TrainOnManyMachines.Planning;

if (Arguments.Parse(args) is not { } asked)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (asked.Plan)
{
    PlanTable.Lines().ToList().ForEach(Console.WriteLine);
    return 0;
}

using var world = MpiWorld.Join(new MpiOptions { GradientPrecision = asked.BFloat16 ? Precision.BFloat16 : Precision.Float32 });
if (asked.Exchange > 0)
{
    var took = world.MeasureExchange(asked.Exchange * 1_000_000);
    if (world.IsFirst)
    {
        Console.WriteLine(FormattableString.Invariant($"{asked.Exchange} million gradients between {world.Size} processes: {took.TotalSeconds:0.000} s"));
    }

    return 0;
}

var meter = new Meter(world);

// Every process needs the data under the same path: a shared disk, or a copy on each machine. Here the first renders the clips, and the others wait for them.
if (asked.Data is null && world.IsFirst)
{
    RenderedDataSet.Ensure(asked.Folder, new DataSetOptions { TrainClipsPerClass = 8, TestClipsPerClass = 4, Frames = 16 });
}

world.Barrier();
var ml = new MLContext(seed: 1) { GpuDeviceId = asked.Gpu ? world.LocalRank : null };
IDataView List(string name) => ml.Data.LoadVideoList(Path.Combine(asked.Folder, name), asked.Folder, Path.Combine(asked.Folder, "classes.txt"));

// Each video's motion is found by one process; all get the boxes.
var detector = ml.Transforms.DetectMotion(new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip }).Fit(List("train.csv"));
var train = world.Transform(detector, List("train.csv"));
var test = world.Transform(detector, List("test.csv"));
meter.Report("detection");

// One training on all processes: BatchSize is that of all together.
var pretrained = ml.Transforms.PretrainMofo(options: asked.Set(new MofoPretrainingOptions(), world, "pretraining")).Fit(train);
meter.Report("pretraining");

var labels = ml.Transforms.Conversion.MapValueToKey("Label").Fit(train);
var features = pretrained.Append(labels);
var classifier = ml.MulticlassClassification.Trainers.MofoFinetune(options: asked.Set(new MofoFinetuningOptions(), world, "finetuning")).Fit(features.Transform(train));
meter.Report("finetuning");

// Scores are shared out like detection; every process has all of them, and so the same figures.
var scored = world.Transform(labels.Append(classifier), test);
var metrics = ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: 2);
meter.Report("scoring");
if (world.IsFirst)
{
    ml.Model.SaveMofoModel(detector.Append(features).Append(classifier), List("train.csv").Schema, Path.Combine(asked.Folder, "model.zip"));
    Console.WriteLine(FormattableString.Invariant($"top-1 {metrics.MicroAccuracy:0.000} on the test list; model in {Path.Combine(asked.Folder, "model.zip")}"));
}

return 0;
