#:package Mofo.ML.Cpu.linux-x64@1.0.0-rc.1
// Says what happens in videos.
//
//   dotnet run predict.cs -- MODEL VIDEO...
//
// MODEL is a saved pipeline (mofo.zip, as finetune.cs writes it) or published weights: a HuggingFace folder, or a .pth of VideoMAE, VideoMAE V2 or MOFO.
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: dotnet run predict.cs -- MODEL VIDEO...");
    return 2;
}

var ml = new MLContext();
IDataView videos = ml.Data.LoadFromEnumerable(args.Skip(1).Select(path => new Video { VideoPath = path }));
ITransformer model = Path.GetExtension(args[0]) == ".zip"
    ? ml.Model.Load(args[0], out _)
    : ml.Transforms.ApplyMofoModel(args[0]).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(videos);

IDataView scored = model.Transform(videos);
VBuffer<ReadOnlyMemory<char>> names = default;
scored.Schema["Score"].GetSlotNames(ref names);
string[] classes = [.. names.DenseValues().Select(name => name.ToString())];
foreach (var row in ml.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false))
{
    var best = row.Score.Select((score, index) => (Score: score, Class: classes[index])).OrderByDescending(pair => pair.Score).Take(3);
    Console.WriteLine($"{row.VideoPath}: {row.PredictedLabel} ({string.Join(", ", best.Select(pair => FormattableString.Invariant($"{pair.Class} {pair.Score:0.000}")))})");
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
