using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActionRecognition.Evaluation;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>Names of the files of one training. They hold a hash of the clips and of the recipe, so that a network or a result of others is never taken for this one's.</summary>
internal static class RunName
{
    private const int HexDigits = 10;

    /// <summary>Settings that cost time, memory or place and change nothing that is learned; a run with another number of threads finds its results.</summary>
    private static readonly string[] WithoutEffect =
    [
        nameof(MofoTrainingOptions.ComputeThreads), nameof(MofoTrainingOptions.DecodeThreads), nameof(MofoTrainingOptions.Workers), nameof(MofoTrainingOptions.ClipMemory),
        nameof(MofoTrainingOptions.CheckpointEvery), nameof(MofoTrainingOptions.CheckpointMinutes), nameof(MofoTrainingOptions.CheckpointsKept),
    ];

    /// <summary>The pretrained network that a cell starts from.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="pool">The clips that it is pretrained on.</param>
    /// <param name="recipe">How.</param>
    public static string OfNetwork(Cell cell, Pool pool, MofoPretrainingOptions recipe) =>
        $"{pool.Name}-{cell.Row.Pretraining}-seed{cell.PretrainingSeed}-{HashOf([pool.Clips, Values(recipe)])}";

    /// <summary>The result of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="clips">The hash of its labelled clips.</param>
    /// <param name="recipe">How it is finetuned.</param>
    /// <param name="network">The name of the network that it starts from; null where the program pretrains none.</param>
    public static string OfCell(Cell cell, string clips, MofoFinetuningOptions recipe, string? network) =>
        $"{cell.Set}-{cell.Row.FileName}-p{cell.PretrainingSeed}-f{cell.Seed}-{HashOf([clips, Values(recipe), network ?? ""])}";

    /// <summary>A hash of clips by their names, without the folder, which may be mounted elsewhere, and of their labels where there are any.</summary>
    /// <param name="folder">The folder that holds all of them.</param>
    /// <param name="clips">The clips, in the order of their lists.</param>
    /// <param name="labelled">Whether the labels are learned.</param>
    public static string HashOfClips(string folder, IEnumerable<ListedClip> clips, bool labelled) =>
        HashOf(clips.Select(clip => $"{Path.GetRelativePath(folder, clip.VideoPath).Replace('\\', '/')}{(labelled ? $" {clip.Label}" : "")}"));

    private static string HashOf(IEnumerable<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..HexDigits];

    private static string Values<TOptions>(TOptions recipe)
        where TOptions : MofoTrainingOptions
    {
        var values = JsonSerializer.SerializeToNode(recipe)!.AsObject();
        foreach (var name in WithoutEffect)
        {
            values.Remove(name);
        }

        return values.ToJsonString();
    }
}
