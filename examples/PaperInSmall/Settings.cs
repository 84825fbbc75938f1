using System.CommandLine;
using System.Globalization;
using ActionRecognition.CommandLine;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace PaperInSmall;

/// <summary>What the user asked for on the command line.</summary>
/// <param name="Sets">Names of the data sets.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Videos">Folder of the real sets; null where there is none.</param>
/// <param name="Out">Folder for everything that is written.</param>
/// <param name="PretrainingSeeds">Pretrained networks of every kind, with seeds 1 to this.</param>
/// <param name="Seeds">Finetunings of every start, with seeds 1 to this.</param>
/// <param name="PretrainingBudget">Epochs of pretraining over those of the library's recipe.</param>
/// <param name="Budget">Epochs of finetuning over those of the library's recipe.</param>
/// <param name="Network">The network of all cells.</param>
/// <param name="Input">What all networks see of a clip.</param>
/// <param name="PretrainingBatches">Clips of a step of pretraining over those of the library's recipe.</param>
/// <param name="Batches">Clips of a step of finetuning over those of the library's recipe.</param>
/// <param name="Threads">Threads of torch; at least 1.</param>
/// <param name="Parallel">Trainings at a time.</param>
/// <param name="Gpu">Number of the CUDA device to train on; null for the CPU.</param>
internal sealed record Settings(
    IReadOnlyList<string> Sets, IReadOnlyList<PaperRow> Rows, string? Videos, string Out, int PretrainingSeeds, int Seeds, double PretrainingBudget, double Budget, NetworkSize Network, ClipInput Input,
    int PretrainingBatches, int Batches, int Threads, int Parallel, int? Gpu)
{
    /// <summary>The network of all cells.</summary>
    /// <remarks>Positions along each axis in both sizes: they shorten the time in which a small network learns nothing.</remarks>
    public VitConfig Model { get; } = (Network == NetworkSize.Tiny ? VitConfig.Tiny : VitConfig.Micro) with { Input = Input, Positions = TokenPositions.PerAxis };

    /// <summary>What a pretrained network depends on beside clips, masks and seed, as a folder name, so that runs with other settings do not mix.</summary>
    public string PretrainingKey { get; } = string.Create(CultureInfo.InvariantCulture, $"{Kind(Network, Input)}-x{PretrainingBudget:0.###}{Larger(PretrainingBatches)}");

    /// <summary>What a finetuned network depends on beside set, row and seeds, as a folder name.</summary>
    public string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"{Kind(Network, Input)}-x{PretrainingBudget:0.###}{Larger(PretrainingBatches)}-x{Budget:0.###}{Larger(Batches)}");

    /// <summary>Reads the command line, runs the program with it, and gives the exit code.</summary>
    public static int Run(string[] args, Action<Settings> program)
    {
        var sets = new Option<string>("--sets")
        {
            Description = "Data sets, comma between: 'rendered', or names of folders in --videos with train.csv, test.csv and classes.txt; NAME-N has N labelled clips a class.",
            DefaultValueFactory = _ => "rendered-20,egogest,ut_interaction,fight_surv,babysign,rendered-5,rendered-150",
        };
        var rows = new Option<string>("--rows")
        {
            Description = $"Rows, comma between, of {string.Join(", ", PaperRow.All.Select(row => row.FileName))}.",
            DefaultValueFactory = _ => string.Join(',', PaperRow.All.Select(row => row.FileName)),
        };
        var videos = new Option<string?>("--videos") { Description = "Folder of the real sets. Default: MOFO_VIDEOS, else ../shared/videos/dev." };
        var output = new Option<string>("--out") { Description = "Folder for results; cells found there are not run again.", DefaultValueFactory = _ => "results/paper-in-small" };
        var pretrainingSeeds = Number("--pretraining-seeds", "Pretrained networks of every kind.", 3);
        var seeds = Number("--seeds", "Finetunings of every start.", 3);
        var pretrainingBudget = Budgeted("--pretraining-budget", "Epochs of pretraining over those of the library's recipe.");
        var budget = Budgeted("--budget", "Epochs of finetuning over those of the library's recipe.");
        var input = new Option<ClipInput>("--input") { Description = "What the networks see of a clip.", DefaultValueFactory = _ => ClipInput.Changes };
        var network = new Option<NetworkSize>("--network") { Description = "The network of all cells: VitConfig.Micro, or VitConfig.Tiny, for which a CPU is too slow.", DefaultValueFactory = _ => NetworkSize.Micro };
        var pretrainingBatches = Number("--pretraining-batches", "Clips of a step of pretraining over those of the library's recipe, the rate by the square root: larger steps use more of a GPU.", 1);
        var batches = Number("--batches", "The same in finetuning.", 1);
        var threads = Number("--threads", "Threads of torch; so small a network is fastest with one.", 1);
        var parallel = Number("--parallel", "Trainings at a time. Default: one for every core.", Environment.ProcessorCount);
        var gpu = GpuOption.New();
        var command = new RootCommand("The paper's comparison in small: scratch, VideoMAE, MOFO*, MOFO**, MOFO† on small sets, several seeds, one table.")
        {
            sets, rows, videos, output, pretrainingSeeds, seeds, pretrainingBudget, budget, network, input, pretrainingBatches, batches, threads, parallel, gpu,
        };
        rows.Validators.Add(result =>
        {
            foreach (var name in Split(result.GetValue(rows)!).Where(name => PaperRow.All.All(row => row.FileName != name)))
            {
                result.AddError($"--rows: there is no row '{name}'.");
            }
        });
        command.SetAction(parsed =>
        {
            try
            {
                var asked = Split(parsed.GetValue(rows)!);
                program(new Settings(
                    Split(parsed.GetValue(sets)!), [.. PaperRow.All.Where(row => asked.Contains(row.FileName))], parsed.GetValue(videos) ?? UsualVideos(), parsed.GetValue(output)!,
                    parsed.GetValue(pretrainingSeeds), parsed.GetValue(seeds), parsed.GetValue(pretrainingBudget), parsed.GetValue(budget), parsed.GetValue(network), parsed.GetValue(input), parsed.GetValue(pretrainingBatches), parsed.GetValue(batches), parsed.GetValue(threads), parsed.GetValue(parallel), parsed.GetValue(gpu)));
                return 0;
            }
            catch (Exception mistake) when (mistake is VideoException or CheckpointException or InvalidDataException or MofoOptionsException or IOException)
            {
                Console.Error.WriteLine(mistake.Message);
                return 1;
            }
        });
        return command.Parse(args).Invoke();
    }

    /// <summary>The small network and the recipe's batches are not named in folders.</summary>
    private static string Kind(NetworkSize network, ClipInput input) => network == NetworkSize.Micro ? $"{input}" : $"{network}-{input}";

    private static string Larger(int batches) => batches == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-b{batches}");

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

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

    private static Option<double> Budgeted(string name, string description)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => 1 };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is not (> 0 and <= 1000))
            {
                result.AddError($"{name} is {result.GetValue(option)}; it must be above 0 and at most 1000.");
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
