using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.Files;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>What a run is, in words: two runs with equal identity end in equal weights, so one may go on from the other's checkpoint.</summary>
internal static class RunIdentity
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Options, seed, data, number type, and a hash of the starting weights (which stands for files, upstream stages and random draws alike).</summary>
    public static ImmutableSortedDictionary<string, string> Of<TClip>(TrainingSetup<TClip> setup, IReadOnlyList<TrainingRow> rows, ScalarType computeType)
        where TClip : ITrainingClip
    {
        var options = (JsonObject)JsonSerializer.SerializeToNode(setup.Options, setup.Options.GetType(), Json)!;
        var words = options.Where(option => !setup.Options.WithoutEffect.Contains(option.Key))
            .Select(option => KeyValuePair.Create(option.Key, option.Value?.ToJsonString() ?? "null"))
            .Concat(setup.Identity)
            .Append(new("Stage", setup.Stage))
            .Append(new("Seed", Invariant($"{setup.Seed}")))
            .Append(new("FramesReduced", setup.Options.KeepsFrames ? "yes (ClipMemory above 0 or a ClipCacheFolder)" : "no (neither ClipMemory nor a ClipCacheFolder)"))
            .Append(new("ComputeType", $"{computeType}"))
            .Append(new("Data", Describe(rows)))
            .Append(new("StartingWeights", HashOf(setup.Model)));
        return words.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>Rows in words: how many, and a hash of paths (of videos that came as bytes, their content), boxes, labels and weights.</summary>
    public static string Describe(IReadOnlyList<TrainingRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Invariant($"{row.Source.Identity}\0{row.Label}\0{row.Weight}\0{row.Source.MotionBoxes.Length}\0")));
            hash.AppendData(MemoryMarshal.AsBytes(row.Source.MotionBoxes.Span));
        }

        return Invariant($"{rows.Count} rows {Short(hash)}");
    }

    private static string HashOf(nn.Module model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashing = new HashingStream(Stream.Null, hash.AppendData);
        Safetensors.Write(hashing, ModuleWeights.Export(model, "the starting weights"));
        return Short(hash);
    }

    private static string Short(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
}
