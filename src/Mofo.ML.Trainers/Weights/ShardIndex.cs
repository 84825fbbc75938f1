using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Weights in several files, as HuggingFace's <c>save_pretrained</c> writes them above its shard size: an index that maps tensors to files, and the files.</summary>
internal static partial class ShardIndex
{
    /// <summary>What the index of <c>model.safetensors</c> and <c>pytorch_model.bin</c> adds to their name.</summary>
    public const string Suffix = ".index.json";

    /// <summary>Longest index that is read: a hundred thousand names.</summary>
    private const long MaxBytes = 16 << 20;

    private const int MaxShards = 4096;

    /// <summary>Opens all files of an index as one set; tensors are read when asked for.</summary>
    /// <param name="path">The index.</param>
    /// <param name="open">Opens one of its files.</param>
    /// <exception cref="WeightFileException">The index is damaged, or a file or a tensor that it names is missing.</exception>
    public static WeightSet Open(string path, Func<string, WeightSet> open)
    {
        var places = ReadPlaces(path);
        var shards = places.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var missing = shards.Where(shard => !File.Exists(Path.Combine(folder, shard))).ToList();
        if (missing.Count > 0)
        {
            throw new WeightFileException(path, null, Invariant($"{shards.Count} shards named, of which {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing"), "every shard beside the index");
        }

        var opened = new OpenShards();
        try
        {
            shards.ForEach(shard => opened.Sets.Add(shard, open(Path.Combine(folder, shard))));
            foreach (var (tensor, shard) in places)
            {
                if (!opened.Sets[shard].TryFind(tensor, out _))
                {
                    throw new WeightFileException(path, tensor, $"no such tensor in {shard}", "every tensor in the shard that the index names");
                }
            }

            return new WeightSet(path, opened.Sets.Values.SelectMany(set => set), file: opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The index beside a file that is one shard of several; null for any other file.</summary>
    /// <exception cref="WeightFileException">The file is one shard of several and the index is missing.</exception>
    public static string? Of(string path)
    {
        var match = ShardName().Match(Path.GetFileName(path));
        if (!match.Success || !File.Exists(path) || int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) < 2)
        {
            return null;
        }

        var name = $"{match.Groups["name"].Value}.{match.Groups["extension"].Value}{Suffix}";
        var index = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        return File.Exists(index) ? index : throw new WeightFileException(
            path, null, $"one of {match.Groups["count"].Value.TrimStart('0')} shards without their index", $"{name} and all shards beside it");
    }

    [GeneratedRegex(@"^(?<name>.+)-[0-9]{5}-of-(?<count>[0-9]{5})\.(?<extension>safetensors|bin)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShardName();

    private static Dictionary<string, string> ReadPlaces(string path)
    {
        if (new FileInfo(LinkedPath.Target(path)).Length is var length and > MaxBytes)
        {
            throw new WeightFileException(path, null, Invariant($"an index of {length} bytes"), $"at most {MaxBytes}");
        }

        try
        {
            using var stream = File.OpenRead(path);
            return Check(path, (StrictJson.Parse(stream) as JsonObject)?["weight_map"] as JsonObject);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new WeightFileException(path, null, $"an index that cannot be read ({e.Message.TrimEnd('.')})", "weight_map with the file of every tensor", e);
        }
    }

    private static Dictionary<string, string> Check(string path, JsonObject? map)
    {
        if (map is not { Count: > 0 })
        {
            throw new WeightFileException(path, null, "a JSON file without weight_map", "the index of a model in shards, with the file of every tensor under weight_map");
        }

        var places = map.ToDictionary(entry => entry.Key, entry => entry.Value?.GetValue<string>() ?? throw new FormatException($"no file for {entry.Key}"), StringComparer.Ordinal);
        var shards = places.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var shard in shards.Where(shard => shard != Path.GetFileName(shard) || shard.AsSpan().ContainsAny('\\', ':', '\0') || shard is "" or "." or ".."))
        {
            throw new WeightFileException(path, null, $"the shard '{shard}'", "names of files beside the index, without a path");
        }

        return shards.Count <= MaxShards ? places : throw new WeightFileException(path, null, Invariant($"{shards.Count} shards"), $"at most {MaxShards}");
    }

    private sealed class OpenShards : IDisposable
    {
        public OrderedDictionary<string, WeightSet> Sets { get; } = new(StringComparer.Ordinal);

        public void Dispose()
        {
            foreach (var set in Sets.Values)
            {
                set.Dispose();
            }
        }
    }
}
