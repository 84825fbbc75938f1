// Where does a trained classifier look? Class activation (Grad-CAM) and the attention of the fusion, over a clip, for a class.
//
//   dotnet run -c Release --project examples/LookInside -- mofo.zip clip.mp4 [class] [folder]
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: LookInside mofo.zip clip.mp4 [class] [folder]");
    Console.Error.WriteLine("examples/ActionRecognition writes results/mofo.zip and clips in results/clips.");
    return 2;
}

try
{
    var (model, clip, className, folder) = (args[0], args[1], args.ElementAtOrDefault(2), args.ElementAtOrDefault(3) ?? "results/look-inside");
    var ml = new MLContext();
    var chain = (TransformerChain<ITransformer>)ml.Model.Load(model, out _);
    var classifier = chain.OfType<MofoClassificationTransformer>().Single();

    // The chain's own detector finds the boxes that the classifier expects.
    var boxes = chain.OfType<MotionDetectionTransformer>().Single()
        .Transform(ml.Data.LoadFromEnumerable([new Query { VideoPath = clip }])).GetColumn<float[]>("MotionBoxes").Single();
    var explanation = classifier.Explain(clip, boxes, className is { Length: > 0 } ? className : null);

    Directory.CreateDirectory(folder);
    var name = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(clip)}-{explanation.ClassName}");
    explanation.SavePicture(name + ".png");
    explanation.SaveVideo(name + ".mp4");
    Console.WriteLine($"{explanation.ClassName}: {explanation.Probability:0.000} in the middle clip. Class activation above, attention of the fusion below, motion box yellow:");
    Console.WriteLine(Path.GetFullPath(name + ".png"));
    Console.WriteLine(Path.GetFullPath(name + ".mp4"));
    return 0;
}
catch (Exception e) when (e is VideoException or IOException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

/// <summary>One row: the clip.</summary>
internal sealed class Query
{
    public string VideoPath { get; set; } = "";
}
