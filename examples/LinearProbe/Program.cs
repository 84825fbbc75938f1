// What are features worth that were learned without labels? Ordinary ML.NET trainers on the Features column, against the same network untrained.
//
//   dotnet run -c Release --project examples/LinearProbe                                         (renders its clips)
//   dotnet run -c Release --project examples/LinearProbe -- --data DIR [--seeds 3] [--epochs 150] [--gpu 0] (DIR holds train.csv, test.csv, classes.txt)
using ActionRecognition.CommandLine;
using ActionRecognition.Rendering;
using LinearProbe;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

string? data = null;
var (seeds, epochs, results) = (3, 150, "results/linear-probe");
int? gpu = null;
for (var i = 0; i < args.Length; i += 2)
{
    switch (args[i], args.ElementAtOrDefault(i + 1))
    {
        case ("--data", { } folder): data = folder; break;
        case ("--out", { } folder): results = folder; break;
        case ("--gpu", { } text) when int.TryParse(text, out var device): gpu = device; break;
        case ("--seeds", { } text) when int.TryParse(text, out seeds) && seeds > 0: break;
        case ("--epochs", { } text) when int.TryParse(text, out epochs) && epochs > 0: break;
        default:
            Console.Error.WriteLine("Usage: LinearProbe [--data DIR] [--seeds N] [--epochs N] [--out DIR] [--gpu N]");
            return 2;
    }
}

if (gpu is { } asked && CudaDevices.Problem(asked) is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}

if (data is null)
{
    data = Path.Combine(results, "clips");
    RenderedDataSet.Ensure(data, new DataSetOptions { TrainClipsPerClass = 20, TestClipsPerClass = 10, Frames = 32 });
}

// Boxes are found once, for all seeds.
var ml = new MLContext(seed: 0);
LoggedWarnings.Print(ml);
var detector = ml.Transforms.DetectMotion(new MotionDetectionOptions { CacheFolder = Path.Combine(results, "motion"), OnBadVideo = BadVideoHandling.Skip });
IDataView List(string name) => ml.Data.LoadVideoList(Path.Combine(data, name), data, Path.Combine(data, "classes.txt"));
var fitted = detector.Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(List("train.csv"));
var (train, test) = (ml.Data.Cache(fitted.Transform(List("train.csv"))), ml.Data.Cache(fitted.Transform(List("test.csv"))));

Console.WriteLine($"{Path.GetFileName(Path.GetFullPath(data))}: {epochs} epochs, {seeds} seeds; top-1 on the test list");
Console.WriteLine("| seed | features | linear probe | 5 nearest neighbours |");
Console.WriteLine("|---|---|---|---|");
var scores = new List<(string Features, ProbeScore Score)>();
for (var seed = 1; seed <= seeds; seed++)
{
    foreach (var trained in new[] { false, true })
    {
        var log = new LossLog();
        var training = new MLContext(seed) { GpuDeviceId = gpu };
        if (trained)
        {
            // The baseline is meant to learn nothing: that its rate is low is no news.
            LoggedWarnings.Print(training);
        }

        using var model = training.Transforms.PretrainMofo(Recipe.Pretraining(trained, epochs, seed, log)).Fit(train);
        var score = Probe.Score(ml, model.Transform(train), model.Transform(test), seed);
        var name = trained ? "MOFO" : "untrained";
        scores.Add((name, score));
        Console.WriteLine($"| {seed} | {name} | {score.Linear:0.000} | {score.Neighbours:0.000} |");
        if (trained && seed == seeds)
        {
            log.Save(Path.Combine(results, "losses.png"));
            Pictures.SaveReconstruction(ml, model, test, results);
        }
    }
}

foreach (var group in scores.GroupBy(s => s.Features))
{
    Console.WriteLine($"{group.Key}: linear probe {Spread(group.Select(g => g.Score.Linear))}, neighbours {Spread(group.Select(g => g.Score.Neighbours))}");
}

return 0;

static string Spread(IEnumerable<double> values)
{
    var all = values.ToArray();
    var mean = all.Average();
    return $"{mean:0.000} +- {Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, all.Length - 1)):0.000}";
}
