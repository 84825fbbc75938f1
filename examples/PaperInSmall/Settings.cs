using System.CommandLine;
using ActionRecognition.CommandLine;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace PaperInSmall;

/// <summary>What the user asked for on the command line.</summary>
/// <param name="Sets">Names of the data sets.</param>
/// <param name="Videos">Folder of the real sets; null where there is none.</param>
/// <param name="Out">Folder for everything that is written.</param>
/// <param name="Seeds">Runs of every cell, with seeds 1 to this.</param>
/// <param name="Epochs">Passes of finetuning over a set of <see cref="Recipe.ReferenceClips"/> clips.</param>
/// <param name="PretrainEpochs">The same for pretraining.</param>
/// <param name="ClipsPerClass">Rendered training clips per class.</param>
/// <param name="Input">What all networks see of a clip.</param>
/// <param name="Gpu">Number of the CUDA device to train on; null for the CPU.</param>
internal sealed record Settings(
    IReadOnlyList<string> Sets, string? Videos, string Out, int Seeds, int Epochs, int PretrainEpochs, int ClipsPerClass, ClipInput Input, int? Gpu)
{
    public const string Rendered = "rendered";

    /// <summary>Reads the command line, runs the program with it, and gives the exit code.</summary>
    public static int Run(string[] args, Action<Settings> program)
    {
        var sets = new Option<string>("--sets")
        {
            Description = "Data sets, comma between: 'rendered', or names of folders in --videos with train.csv, test.csv and classes.txt.",
            DefaultValueFactory = _ => "rendered,ut_interaction,fight_surv",
        };
        var videos = new Option<string?>("--videos") { Description = "Folder of the real sets. Default: MOFO_VIDEOS, else ../shared/videos/dev." };
        var output = new Option<string>("--out") { Description = "Folder for results; cells found there are not run again.", DefaultValueFactory = _ => "results/paper-in-small" };
        var seeds = Number("--seeds", "Runs of every cell.", 3);
        var epochs = Number("--epochs", $"Passes of finetuning over {Recipe.ReferenceClips} clips; smaller sets get more, so that all cells see as many clips.", 40);
        var pretrain = Number("--pretrain-epochs", "The same for pretraining.", 40);
        var clips = Number("--clips-per-class", "Rendered training clips per class.", Recipe.ReferenceClips / 9);
        var input = new Option<ClipInput>("--input") { Description = "What the networks see of a clip.", DefaultValueFactory = _ => ClipInput.Changes };
        var gpu = GpuOption.New();
        var command = new RootCommand("The paper's comparison in small: scratch, VideoMAE, MOFO*, MOFO**, MOFO† on small sets, several seeds, one table.")
        {
            sets, videos, output, seeds, epochs, pretrain, clips, input, gpu,
        };
        command.SetAction(parsed =>
        {
            try
            {
                program(new Settings(
                    parsed.GetValue(sets)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(videos) ?? UsualVideos(),
                    parsed.GetValue(output)!, parsed.GetValue(seeds), parsed.GetValue(epochs), parsed.GetValue(pretrain), parsed.GetValue(clips), parsed.GetValue(input), parsed.GetValue(gpu)));
                return 0;
            }
            catch (Exception mistake) when (mistake is VideoException or InvalidDataException or MofoOptionsException or IOException)
            {
                Console.Error.WriteLine(mistake.Message);
                return 1;
            }
        });
        return command.Parse(args).Invoke();
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < 1)
            {
                result.AddError($"{name} is {result.GetValue(option)}; it must be at least 1.");
            }
        });
        return option;
    }

    private static string? UsualVideos()
    {
        var folder = Environment.GetEnvironmentVariable("MOFO_VIDEOS") is { Length: > 0 } set ? set : Path.Combine("..", "shared", "videos", "dev");
        return Directory.Exists(folder) ? folder : null;
    }
}
