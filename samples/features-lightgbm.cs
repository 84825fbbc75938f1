#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
#:package Microsoft.ML.LightGbm@5.0.1
// Video features as input of an ordinary ML.NET trainer: LightGBM on the Features column.
//
//   dotnet run features-lightgbm.cs -- CLIPS [WEIGHTS]
//
// CLIPS has one folder per class. WEIGHTS is a HuggingFace folder, a .pth, .safetensors or a pretrained .zip; without it, the small weights that come with the library.
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;
using Mofo.ML.Trainers;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: dotnet run features-lightgbm.cs -- CLIPS [WEIGHTS]");
    return 2;
}

var ml = new MLContext(seed: 1);
var split = ml.Data.TrainTestSplit(ml.Data.LoadVideoFolder(args[0]), testFraction: 0.2, seed: 1);

// The weights turn each video into a vector, the column Features. The cache keeps them: a trainer reads its rows many times.
var weights = args.ElementAtOrDefault(1) ?? PretrainedWeights.Micro;
ITransformer network = Path.GetExtension(weights) == ".zip" ? ml.Model.Load(weights, out _) : ml.Transforms.ApplyMofoModel(weights).Fit(split.TrainSet);
var features = ml.Transforms.DetectMotion().Fit(split.TrainSet).Append(network);
var train = ml.Data.Cache(features.Transform(split.TrainSet));

// LightGBM's default asks for 20 examples in a leaf, which is too many for small sets.
var lightGbm = new LightGbmMulticlassTrainer.Options { NumberOfIterations = 50, MinimumExampleCountPerLeaf = 2, NumberOfLeaves = 8 };
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.MulticlassClassification.Trainers.LightGbm(lightGbm))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ITransformer model = pipeline.Fit(train);

var metrics = ml.MulticlassClassification.Evaluate(model.Transform(features.Transform(split.TestSet)));
Console.WriteLine(FormattableString.Invariant($"top-1 {metrics.MicroAccuracy:0.000} on clips that were held back"));
return 0;
