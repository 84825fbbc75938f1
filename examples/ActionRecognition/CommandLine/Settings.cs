using System.CommandLine;
using Mofo.ML.Transforms;

namespace ActionRecognition.CommandLine;

/// <summary>What the user asked for on the command line.</summary>
/// <param name="Data">Folder with train.csv, test.csv and classes.txt; null renders the embedded data set.</param>
/// <param name="Out">Folder for everything that is written.</param>
/// <param name="Strict">Stop at the first clip that cannot be read instead of leaving it out.</param>
/// <param name="Seed">Start of all random draws.</param>
/// <param name="ClipsPerClass">Rendered training clips per class.</param>
/// <param name="FewLabels">Labelled clips a class in the comparison with few labels.</param>
/// <param name="PretrainEpochs">Epochs of self-supervised pretraining; null for the recipe's number.</param>
/// <param name="FinetuneEpochs">Epochs of finetuning; null for the recipe's number.</param>
/// <param name="Gpu">Number of the CUDA device to train on; null for the CPU.</param>
internal sealed record Settings(
    string? Data, string Out, bool Strict, int Seed, int ClipsPerClass, int FewLabels, int? PretrainEpochs, int? FinetuneEpochs, int? Gpu)
{
    /// <summary>Reads the command line, runs <paramref name="program"/> with it, and gives the exit code.</summary>
    /// <remarks>Help and mistakes are answered without running the program; what it throws for user mistakes becomes one line and exit code 1.</remarks>
    public static int Run(string[] args, Action<Settings> program)
    {
        var data = new Option<string?>("--data")
        {
            Description = "Folder with train.csv, test.csv ('path label-index' per line, paths relative to it), classes.txt, and unlabelled.txt where there are clips without labels. Default: render a data set.",
        };
        var output = new Option<string>("--out") { Description = "Folder for results.", DefaultValueFactory = _ => "results" };
        var strict = new Option<bool>("--strict") { Description = "Stop at a clip that cannot be read instead of leaving it out." };
        var seed = new Option<int>("--seed") { Description = "Start of all random draws.", DefaultValueFactory = _ => 1 };
        var clips = new Option<int>("--clips-per-class") { Description = "Rendered training clips per class.", DefaultValueFactory = _ => 150 };
        var few = new Option<int>("--few-labels") { Description = "Labelled clips a class in the comparison with few labels.", DefaultValueFactory = _ => 20 };
        var pretrain = new Option<int?>("--pretrain-epochs") { Description = "Epochs of self-supervised pretraining." };
        var finetune = new Option<int?>("--finetune-epochs") { Description = "Epochs of finetuning." };
        var gpu = GpuOption.New();
        clips.Validators.Add(result => RequireAtLeast(result, clips, 1));
        few.Validators.Add(result => RequireAtLeast(result, few, 1));
        pretrain.Validators.Add(result => RequireAtLeast(result, pretrain, 1));
        finetune.Validators.Add(result => RequireAtLeast(result, finetune, 1));
        data.Validators.Add(result =>
        {
            if (result.GetValue(data) is { } folder && Missing(folder) is { } file)
            {
                result.AddError($"--data: {file} does not exist; the folder needs train.csv, test.csv and classes.txt.");
            }
        });

        var command = new RootCommand("Learns to tell actions apart: motion boxes, MOFO pretraining, motion-aware finetuning, one ML.NET pipeline.")
        {
            data, output, strict, seed, clips, few, pretrain, finetune, gpu,
        };
        command.SetAction(parsed =>
        {
            try
            {
                program(new Settings(
                    parsed.GetValue(data), parsed.GetValue(output)!, parsed.GetValue(strict), parsed.GetValue(seed),
                    parsed.GetValue(clips), parsed.GetValue(few), parsed.GetValue(pretrain), parsed.GetValue(finetune), parsed.GetValue(gpu)));
                return 0;
            }
            catch (Exception mistake) when (mistake is VideoException or InvalidDataException or MofoOptionsException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(mistake.Message);
                return 1;
            }
        });
        return command.Parse(args).Invoke();
    }

    private static string? Missing(string folder) =>
        new[] { "train.csv", "test.csv", "classes.txt" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(file => !File.Exists(file));

    private static void RequireAtLeast<T>(System.CommandLine.Parsing.OptionResult result, Option<T> option, int least)
    {
        if (result.GetValue(option) is int value && value < least)
        {
            result.AddError($"{option.Name} is {value}; it must be at least {least}.");
        }
    }
}
