using System.CommandLine;
using ActionRecognition.CommandLine;
using ActionRecognition.Rendering;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using SmallWeights;

// Makes the pretrained weights that come with the library; see README.md.
var lists = new Option<string[]>("--list") { Description = "List of unlabelled videos to learn from beside the rendered clips; may be given several times.", DefaultValueFactory = _ => [] };
var repeats = new Option<int>("--repeats") { Description = "How often an epoch sees each listed video.", DefaultValueFactory = _ => 6 };
var perClass = new Option<int>("--clips-per-class") { Description = "Rendered clips per class.", DefaultValueFactory = _ => 150 };
var epochs = new Option<int?>("--epochs") { Description = "Passes over all clips; the recipe's number by default." };
var randomTubes = new Option<bool>("--random-tubes") { Description = "Hide tubes at random, as VideoMAE does, not by the motion box." };
var output = new Option<string>("--out") { Description = "Folder for clips, boxes, checkpoints and the weights.", DefaultValueFactory = _ => "results/small-weights" };
var gpu = GpuOption.New();
var command = new RootCommand("Pretrains VitConfig.Micro on rendered clips and listed videos, and saves it as mofo-micro.zip.") { lists, repeats, perClass, epochs, randomTubes, output, gpu };
command.SetAction(parsed =>
{
    var ml = new MLContext(seed: 1) { GpuDeviceId = parsed.GetValue(gpu) };
    LoggedWarnings.Print(ml);
    string Out(string name) => Path.Combine(parsed.GetValue(output)!, name);
    IEnumerable<ListedVideo> Read(string list) => ml.Data.CreateEnumerable<ListedVideo>(ml.Data.LoadVideoList(list), reuseRowObject: false);

    RenderedDataSet.Ensure(Out("clips"), new DataSetOptions { TrainClipsPerClass = parsed.GetValue(perClass), TestClipsPerClass = 1 });
    ListedVideo[] videos =
    [
        .. Read(Path.Combine(Out("clips"), "train.csv")),
        .. parsed.GetValue(lists)!.SelectMany(Read).SelectMany(video => Enumerable.Repeat(video, parsed.GetValue(repeats))),
    ];
    Console.WriteLine($"{videos.Length} clips an epoch");

    var options = MofoPretrainingOptions.For(videos.Length, VitConfig.Micro);
    options.Epochs = parsed.GetValue(epochs) ?? options.Epochs;
    if (parsed.GetValue(randomTubes))
    {
        options.MotionMaskRatio = null;
    }

    options.WarmupEpochs = options.Epochs * 0.1;
    options.ComputeThreads = 1;
    options.CheckpointFolder = Out("checkpoints");
    options.Progress = new EpochLines(Console.Out);
    var detection = MotionDetectionOptions.BoxPaths;
    detection.CacheFolder = Out("motion");
    var view = ml.Data.LoadFromEnumerable(videos);
    var model = ml.Transforms.DetectMotion(detection).Append(ml.Transforms.PretrainMofo(options)).Fit(view);
    ml.Model.SaveMofoModel(model.LastTransformer, null, Out("mofo-micro.zip"));
    Console.WriteLine(Path.GetFullPath(Out("mofo-micro.zip")));
});
return command.Parse(args).Invoke();
