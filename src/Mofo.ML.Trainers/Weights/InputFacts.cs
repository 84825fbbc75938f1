using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Weights;

/// <summary>What a network sees of its clips and which positions it knows: facts that the shapes of its weights do not tell.</summary>
/// <remarks>Saved models keep them among the options, checkpoints in their configuration, our <c>.safetensors</c> as metadata. A <c>.pth</c> does not have them.</remarks>
internal readonly record struct InputFacts(ClipInput Input, TokenPositions Positions)
{
    /// <summary>Metadata entry of a <c>.safetensors</c> of ours: the name of a <see cref="ClipInput"/>.</summary>
    public const string InputKey = "mofo.input";

    /// <summary>Metadata entry of a <c>.safetensors</c> of ours: the name of a <see cref="TokenPositions"/>.</summary>
    public const string PositionsKey = "mofo.positions";

    /// <summary>Bytes that the description of a stage may take: thousands of class names, no zip bomb.</summary>
    private const long LongestDescription = 16 << 20;

    /// <summary>The facts as metadata entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string> { [InputKey] = $"{Input}", [PositionsKey] = $"{Positions}" };

    public static InputFacts Of(VitConfig model) => new(model.Input, model.Positions);

    /// <summary>The facts that a file of weights tells: none, those of the file, or, of a saved model, those of every stage with a network, the last stage first.</summary>
    /// <exception cref="WeightFileException">The file cannot be read, or names an input or positions that this version does not know.</exception>
    public static IReadOnlyList<InputFacts> InFile(string path)
    {
        if (WeightFiles.IsSavedModel(path))
        {
            return InSavedModel(path);
        }

        using var weights = WeightFiles.Open(path);
        return In(weights) is { } facts ? [facts] : [];
    }

    private static InputFacts? In(WeightSet weights)
    {
        var metadata = weights.Metadata;
        if (metadata.TryGetValue(InputKey, out var input) | metadata.TryGetValue(PositionsKey, out var positions))
        {
            return new(Value(input, InputKey, ClipInput.Pixels, weights.Origin), Value(positions, PositionsKey, TokenPositions.Sequence, weights.Origin));
        }

        return metadata.TryGetValue(WeightFiles.StateKey, out var state) ? InCheckpoint(state, weights.Origin) : null;
    }

    private static InputFacts? InCheckpoint(string state, string path)
    {
        try
        {
            var model = (string?)JsonNode.Parse(state)?["Configuration"]?["Model"];
            return model is not null && JsonNode.Parse(model) is JsonObject config ? OfModel(config, path) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightFileException(path, null, "a state that cannot be read", "the state of a training as JSON", e);
        }
    }

    private static List<InputFacts> InSavedModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var stages = zip.Entries.Where(entry => entry.Name == StageFile.JsonEntry).OrderByDescending(entry => entry.FullName, StringComparer.Ordinal);
        return [.. stages.Select(entry => ModelIn(entry, path)).OfType<JsonObject>().Select(model => OfModel(model, path))];
    }

    /// <summary>The facts in a serialised <see cref="VitConfig"/>. Those saved before there was a choice saw pixels, in a sequence.</summary>
    private static InputFacts OfModel(JsonObject model, string path) => new(
        Value((string?)model[nameof(VitConfig.Input)], nameof(VitConfig.Input), ClipInput.Pixels, path),
        Value((string?)model[nameof(VitConfig.Positions)], nameof(VitConfig.Positions), TokenPositions.Sequence, path));

    private static T Value<T>(string? text, string name, T absent, string path)
        where T : struct, Enum =>
        text is null ? absent : Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)
            ? value
            : throw new WeightFileException(path, null, $"a model with {name} '{text}'", $"one of {string.Join(", ", Enum.GetNames<T>())}");

    private static JsonObject? ModelIn(ZipArchiveEntry entry, string path)
    {
        if (entry.Length > LongestDescription)
        {
            throw new WeightFileException(path, null, $"{entry.FullName} of {entry.Length} bytes", $"at most {LongestDescription} bytes");
        }

        try
        {
            using var stream = entry.Open();
            return (JsonNode.Parse(stream) as JsonObject)?["State"]?["Options"]?["Model"] as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new WeightFileException(path, null, $"a damaged {entry.FullName}", "a saved model", e);
        }
    }
}
