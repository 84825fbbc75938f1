using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>The library's recipes with what the user changes in them.</summary>
internal static class Recipes
{
    /// <summary>Settings of finetuning by name: the published ones, and ours for few clips.</summary>
    public static IReadOnlyDictionary<string, Func<MofoFinetuningOptions>> PublishedFinetuning { get; } = new Dictionary<string, Func<MofoFinetuningOptions>>(StringComparer.OrdinalIgnoreCase)
    {
        ["paper"] = () => new MofoFinetuningOptions(),
        ["something-something-v2"] = () => MofoFinetuningOptions.SomethingSomethingV2,
        ["epic-kitchens-100"] = () => MofoFinetuningOptions.EpicKitchens100,
        ["kinetics-400"] = () => MofoFinetuningOptions.Kinetics400,
        ["ucf-101"] = () => MofoFinetuningOptions.Ucf101,
        [TrainingArguments.SmallDataset] = () => MofoFinetuningOptions.SmallDataset,
    };

    public static MofoPretrainingOptions Pretraining(CommandRun run, TrainingArguments arguments, OptionGroup<MofoPretrainingOptions> group, int clips)
    {
        // Given once to see which network and which weights are asked for, a second time over the recipe for them.
        var asked = group.Apply(run.Parsed, new MofoPretrainingOptions());
        var options = run.Value(arguments.Recipe)!.Equals(TrainingArguments.Auto, StringComparison.OrdinalIgnoreCase)
            ? MofoPretrainingOptions.For(clips, Network(run, group, asked, withDecoder: true))
            : new MofoPretrainingOptions();
        return Changed(run, group, options);
    }

    public static MofoFinetuningOptions Finetuning(CommandRun run, TrainingArguments arguments, OptionGroup<MofoFinetuningOptions> group, int clips)
    {
        var asked = group.Apply(run.Parsed, new MofoFinetuningOptions());
        var recipe = run.Value(arguments.Recipe)!;
        var options = recipe.Equals(TrainingArguments.Auto, StringComparison.OrdinalIgnoreCase)
            ? MofoFinetuningOptions.For(clips, asked.InitialWeights is not null, Network(run, group, asked, withDecoder: false))
            : PublishedFinetuning[recipe]();
        return Changed(run, group, options);
    }

    /// <summary>The detector's settings: those for small networks where the network is small and no other setting is given; boxes are kept in the run's folder.</summary>
    public static MotionDetectionOptions Detection(CommandRun run, TrainingArguments arguments, VitConfig model, RunFolder folder)
    {
        var detection = arguments.Detection.Read(run, model.EmbedDim < VitConfig.Small.EmbedDim ? "box-paths" : "paper");
        detection.CacheFolder ??= folder.File("motion");
        return detection;
    }

    public static string Describe(MofoTrainingOptions options) => Invariant(
        $"{options.Epochs} epochs of a network of {options.Model.Depth} blocks of width {options.Model.EmbedDim} on {options.Model.Frames} frames of {options.Model.ImageSize} pixels.");

    /// <summary>The network to fit a recipe to; null leaves it to the recipe.</summary>
    private static VitConfig? Network<T>(CommandRun run, OptionGroup<T> group, T asked, bool withDecoder)
        where T : MofoTrainingOptions =>
        group.IsGiven(run.Parsed, nameof(asked.Model)) ? asked.Model
        : asked.InitialWeights is { } weights ? MofoWeights.SizeOf(weights, withDecoder)
        : null;

    /// <summary>The recipe with the user's options; a warm-up that is not given keeps its share of the epochs.</summary>
    private static T Changed<T>(CommandRun run, OptionGroup<T> group, T options)
        where T : MofoTrainingOptions
    {
        var share = options.WarmupEpochs / options.Epochs;
        group.Apply(run.Parsed, options);
        if (!group.IsGiven(run.Parsed, nameof(options.WarmupEpochs)) && share is { } part)
        {
            options.WarmupEpochs = part * options.Epochs;
        }

        return options;
    }
}
