using System.CommandLine;
using Mofo.ML.Cli.Options;

namespace Mofo.ML.Cli.Commands;

/// <summary>What pretraining and finetuning have in common on the command line.</summary>
internal sealed class TrainingArguments
{
    /// <summary>The recipe that fits the number of clips (<c>For(clips)</c>), against the defaults of the options class.</summary>
    public const string Auto = "auto";

    /// <summary><see cref="Auto"/> for 100 clips; only finetuning has it.</summary>
    public const string SmallDataset = "small-dataset";

    public TrainingArguments(string folder, params string[] recipes)
    {
        Output = new Option<string>("--out") { Description = "Folder for the model, checkpoints, report.html and run.json. A run that was stopped resumes from its checkpoint there.", HelpName = "folder", DefaultValueFactory = _ => folder };
        Recipe = new Option<string>("--recipe")
        {
            Description = $"Settings that all options start from: {string.Join(", ", recipes)}. 'auto' fits network and training to the number of clips (docs/recipes.md); {(recipes.Contains(SmallDataset) ? "'small-dataset' is that for 100 clips; " : "")}the others are published ones. The defaults below are those of 'paper'.",
            HelpName = "name",
            DefaultValueFactory = _ => recipes[0],
        };
        Recipe.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, recipes);
        Detection = new DetectionOptions(Shared, hasAuto: true);
    }

    /// <summary>Options of all groups by name.</summary>
    public Dictionary<string, Option> Shared { get; } = [];

    public VideoArguments Videos { get; } = new();

    public DetectionOptions Detection { get; }

    public Option<string> Output { get; }

    public Option<string> Recipe { get; }

    public Option<int?> Gpu { get; } = new("--gpu") { Description = "Number of the CUDA device to train on, from 0. [default: the processor]", HelpName = "integer" };

    public Option<bool?> Report { get; } = TrainingReport.NewOption();
}
