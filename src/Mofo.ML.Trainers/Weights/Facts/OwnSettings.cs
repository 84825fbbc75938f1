using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>The size of a network in the metadata of a <c>.safetensors</c> that this library wrote: converted weights, and checkpoints of a training.</summary>
internal static class OwnSettings
{
    /// <summary>Property of a checkpoint's state with the settings of its training, by the names of the options.</summary>
    public const string SettingsOfTraining = "Configuration";

    /// <summary>Metadata entry of converted weights: the size as JSON.</summary>
    private const string SizeKey = "mofo.model";

    /// <summary>The setting that holds the size.</summary>
    private const string SizeSetting = "Model";

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The entry for the metadata of a file that is written.</summary>
    public static KeyValuePair<string, string> Entry(VitConfig size) => new(SizeKey, JsonSerializer.Serialize(size, Json));

    /// <summary>The metadata of weights of a network of this size.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(VitConfig size) => new Dictionary<string, string>([Entry(size)]);

    /// <summary>The size; null where the file says nothing of it.</summary>
    /// <remarks>A checkpoint of any format has it: its weights can be used where its training cannot go on.</remarks>
    /// <exception cref="WeightFileException">The entry cannot be read.</exception>
    public static VitConfig? SizeIn(WeightSet set)
    {
        try
        {
            var text = set.Metadata.TryGetValue(SizeKey, out var size) ? size
                : set.Metadata.TryGetValue(WeightFiles.StateKey, out var state) ? (string?)StrictJson.Parse(new MemoryStream(Encoding.UTF8.GetBytes(state)))?[SettingsOfTraining]?[SizeSetting]
                : null;
            return text is null ? null : JsonSerializer.Deserialize<VitConfig>(text, Json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightFileException(set.Origin, null, $"a size of a network that cannot be read ({e.Message.TrimEnd('.')})", "a file of this version", e);
        }
    }
}
