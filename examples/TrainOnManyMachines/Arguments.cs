using System.Globalization;
using Mofo.ML.Distributed;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace TrainOnManyMachines;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    public const string Usage = "Usage: TrainOnManyMachines [--data DIR] [--network tiny|small|base|large] [--epochs N] [--batch N] [--threads N] [--checkpoints DIR] [--gpu] [--bfloat16] [--exchange MILLIONS] [--plan]\n"
        + "The default network, tiny, is one of this example (width 96, depth 4, 8 frames of 64 pixels) and not VitConfig.Tiny; the others are VitConfig's.";

    /// <summary>Folder with train.csv, test.csv and classes.txt; null to render one.</summary>
    public string? Data { get; init; }

    public string Folder => Data ?? Path.Combine("results", "many-machines");

    public VitConfig Network { get; init; } = Tiny;

    public int Epochs { get; init; } = 2;

    /// <summary>Clips in a step of all processes together.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Torch threads of each process; 0 shares the processors of a machine out over its processes.</summary>
    public int Threads { get; init; }

    public string? Checkpoints { get; init; }

    /// <summary>Whether each process takes the GPU with its number on the machine.</summary>
    public bool Gpu { get; init; }

    public bool BFloat16 { get; init; }

    /// <summary>Whether only the predictions of docs/scale.md are wanted.</summary>
    public bool Plan { get; init; }

    /// <summary>Millions of gradients to measure the exchange of, in place of training; 0 to train.</summary>
    public int Exchange { get; init; }

    /// <summary>A network of this example, which trains in seconds; <see cref="VitConfig.Tiny"/> is larger.</summary>
    private static VitConfig Tiny => new()
    {
        ImageSize = 64,
        PatchSize = 8,
        Frames = 8,
        EmbedDim = 96,
        Depth = 4,
        Heads = 3,
        DecoderDim = 48,
        DecoderDepth = 1,
        DecoderHeads = 3,
    };

    public static Arguments? Parse(IReadOnlyList<string> args)
    {
        var asked = new Arguments();
        for (var i = 0; i < args.Count && asked is not null; i++)
        {
            asked = args[i] switch
            {
                "--plan" => asked with { Plan = true },
                "--gpu" => asked with { Gpu = true },
                "--bfloat16" => asked with { BFloat16 = true },
                _ => asked.With(args[i], ++i < args.Count ? args[i] : ""),
            };
        }

        return asked;
    }

    /// <summary>What both trainings have in common.</summary>
    public T Set<T>(T options, MpiWorld world, string stage)
        where T : MofoTrainingOptions
    {
        options.World = world;
        options.Model = Network;
        options.Epochs = Epochs;
        options.BatchSize = Batch;
        options.ComputeThreads = Threads;
        options.LearningRateScaling = LearningRateScaling.SquareRoot;
        options.OnBadVideo = BadVideoHandling.Skip;
        options.CheckpointFolder = Checkpoints is { } folder ? Path.Combine(folder, stage) : null;
        return options;
    }

    private Arguments? With(string name, string value) => (name, Number(value)) switch
    {
        ("--data", _) when Directory.Exists(value) => this with { Data = value },
        ("--checkpoints", _) when value.Length > 0 => this with { Checkpoints = value },
        ("--network", _) when Presets.TryGetValue(value, out var preset) => this with { Network = preset },
        ("--epochs", > 0 and var number) => this with { Epochs = number },
        ("--batch", > 0 and var number) => this with { Batch = number },
        ("--exchange", > 0 and <= 1000 and var number) => this with { Exchange = number },
        ("--threads", >= 0 and var number) => this with { Threads = number },
        _ => null,
    };

    private static Dictionary<string, VitConfig> Presets => new() { ["tiny"] = Tiny, ["small"] = VitConfig.Small, ["base"] = VitConfig.Base, ["large"] = VitConfig.Large };

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
