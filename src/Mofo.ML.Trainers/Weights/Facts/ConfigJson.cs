using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>A settings file of HuggingFace (<c>config.json</c> and the like): values by name, with errors that name file, entry, value and what was expected.</summary>
internal sealed class ConfigJson
{
    /// <summary>Longest file that is read: the labels of a hundred thousand classes.</summary>
    private const long MaxBytes = 16 << 20;

    private readonly string _path;
    private readonly JsonObject _values;

    private ConfigJson(string path, JsonObject values) => (_path, _values) = (path, values);

    /// <exception cref="WeightFileException">The file is too large or no JSON object.</exception>
    public static ConfigJson Read(string path)
    {
        if (new FileInfo(LinkedPath.Target(path)).Length is var length and > MaxBytes)
        {
            throw new WeightFileException(path, null, Invariant($"settings of {length} bytes"), $"at most {MaxBytes}");
        }

        try
        {
            using var stream = File.OpenRead(path);
            return new ConfigJson(path, StrictJson.Parse(stream, allowTrailingCommas: true) as JsonObject ?? throw new JsonException("no object"));
        }
        catch (JsonException e)
        {
            throw new WeightFileException(path, null, $"settings that cannot be read ({e.Message.TrimEnd('.')})", "a JSON object", e);
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The object under a name; null when there is none.</summary>
    public ConfigJson? Section(string name) => Find(name) is JsonObject inner ? new ConfigJson(_path, inner) : null;

    public string? Text(string name) => Find(name) is not { } node ? null : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong(name, "text");

    public bool? Flag(string name) => Find(name) is not { } node ? null : node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw Wrong(name, "true or false");

    public double? Number(string name) => Find(name) is not { } node ? null : NumberOf(node) ?? throw Wrong(name, "a number");

    /// <summary>A whole number of at least 1.</summary>
    public int? Count(string name) => Find(name) is not { } node ? null : CountOf(node) ?? throw Wrong(name, "a whole number of at least 1");

    /// <summary>The side of a square: a number, two equal ones as a list or as <c>height</c> and <c>width</c>, or a <c>shortest_edge</c>.</summary>
    public int? Side(string name)
    {
        int?[] sides = Find(name) switch
        {
            null => [],
            JsonArray { Count: > 0 } list => [.. list.Select(CountOf)],
            JsonObject size when size.ContainsKey("height") || size.ContainsKey("width") => [CountOf(size["height"]), CountOf(size["width"])],
            JsonObject size => [CountOf(size["shortest_edge"])],
            var single => [CountOf(single)],
        };
        return sides.Length == 0 ? null
            : sides[0] is { } side && Array.TrueForAll(sides, other => other == side) ? side
            : throw Wrong(name, "the side of a square, at least 1");
    }

    /// <summary>Three numbers, one for each channel; a single number stands for all three.</summary>
    public float[]? Channels(string name) => Find(name) switch
    {
        null => null,
        JsonArray { Count: 3 } list when list.All(item => NumberOf(item) is not null) => [.. list.Select(item => (float)NumberOf(item)!.Value)],
        JsonValue single when NumberOf(single) is { } value => [(float)value, (float)value, (float)value],
        _ => throw Wrong(name, "three numbers"),
    };

    /// <summary>Names under whole numbers from 0, in their order; null when there are none.</summary>
    public IReadOnlyList<string>? Names(string name)
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        var names = new SortedDictionary<int, string>();
        foreach (var (key, value) in node as JsonObject ?? throw Wrong(name, "names under whole numbers"))
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || value is not JsonValue text || !text.TryGetValue<string>(out var label))
            {
                throw Wrong(name, "names under whole numbers");
            }

            names[index] = label;
        }

        return names.Count > 0 && names.Keys.Last() == names.Count - 1 ? [.. names.Values] : throw Wrong(name, "names under the numbers 0, 1, 2 and so on without a gap");
    }

    public WeightFileException Wrong(string name, string expected)
    {
        var text = Find(name)?.ToJsonString() ?? "nothing";
        return new WeightFileException(_path, null, $"{name} = {(text.Length > 80 ? text[..80] + "..." : text)}", expected);
    }

    private static int? CountOf(JsonNode? node) => NumberOf(node) is { } number and >= 1 and <= int.MaxValue && number == Math.Truncate(number) ? (int)number : null;

    private static double? NumberOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>An entry that is there and not null.</summary>
    private JsonNode? Find(string name) => _values[name];
}
