#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
// Finds the clips that are most similar to one clip: k nearest neighbours (k-NN) by the cosine of their features.
//
//   dotnet run search.cs -- CLIPS QUERY [k] [WEIGHTS]
//
// CLIPS has one folder per class (the names of the folders are not used). WEIGHTS as in features-lightgbm.cs.
using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Mofo.ML.Trainers;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: dotnet run search.cs -- CLIPS QUERY [k] [WEIGHTS]");
    return 2;
}

var ml = new MLContext(seed: 1);
var k = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
IDataView clips = ml.Data.LoadVideoFolder(args[0]);
var weights = args.ElementAtOrDefault(3) ?? PretrainedWeights.Micro;
ITransformer network = Path.GetExtension(weights) == ".zip" ? ml.Model.Load(weights, out _) : ml.Transforms.ApplyMofoModel(weights).Fit(clips);
var features = ml.Transforms.DetectMotion().Fit(clips).Append(network);

// Features of all clips share a large mean; the difference from it tells clips apart. Save index and mean to search again without computing them.
Clip[] index = [.. Read(clips)];
var mean = new float[index[0].Features.Length];
Array.ForEach(index, clip => TensorPrimitives.Add(mean, clip.Features, mean));
TensorPrimitives.Divide(mean, index.Length, mean);
Array.ForEach(index, clip => TensorPrimitives.Subtract(clip.Features, mean, clip.Features));

var query = Read(ml.Data.LoadFromEnumerable([new Query { VideoPath = args[1] }])).Single();
TensorPrimitives.Subtract(query.Features, mean, query.Features);
var self = Path.GetFullPath(args[1]);
var nearest = index
    .Where(clip => Path.GetFullPath(clip.VideoPath) != self)
    .Select(clip => (clip.VideoPath, Similarity: TensorPrimitives.CosineSimilarity(query.Features, clip.Features)))
    .OrderByDescending(clip => clip.Similarity)
    .Take(k);
foreach (var (path, similarity) in nearest)
{
    Console.WriteLine(FormattableString.Invariant($"{similarity:0.000} {path}"));
}

return 0;

IEnumerable<Clip> Read(IDataView view) => ml.Data.CreateEnumerable<Clip>(features.Transform(view), reuseRowObject: false);

class Query
{
    public string VideoPath { get; set; } = "";
}

class Clip : Query
{
    public float[] Features { get; set; } = [];
}
