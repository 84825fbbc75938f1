using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Refuses weights of a network that saw something else of its clips or knew other positions: their shapes would fit, and their scores mean nothing.</summary>
/// <remarks>Saved models, checkpoints and the <c>.safetensors</c> that this library writes say what their network sees; other <c>.pth</c> and <c>.safetensors</c> hold weights alone.</remarks>
internal static class InputCompatibility
{
    /// <summary>Bytes that the description of a stage may take: thousands of class names, no zip bomb.</summary>
    private const long LongestDescription = 16 << 20;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Checks a network against the option.</summary>
    /// <exception cref="MofoOptionsException">It sees something else or knows other positions.</exception>
    public static void Require(VitConfig seen, VitConfig asked, string network, string optionsName) => ThrowIfAny(optionsName, Problems(seen, asked, network));

    /// <summary>Checks that the encoder of a network is the one asked for; clips may have other numbers of frames and pixels, as positions are computed.</summary>
    /// <exception cref="MofoOptionsException">It has another size, sees something else or knows other positions.</exception>
    public static void RequireSameEncoder(VitConfig seen, VitConfig asked, string network, string optionsName)
    {
        var problems = Problems(seen, asked, network);
        if (Encoder(seen) != Encoder(asked))
        {
            problems.Insert(0, Invariant(
                $"Model is a network of {SizeText.Of(asked)}; {network} has {SizeText.Of(seen)}. Leave Model unset to take the size of {network}, or give both the same Model (an argument of For)."));
        }

        ThrowIfAny(optionsName, problems);
    }

    private static (int, int, int, double, int, int) Encoder(VitConfig size) => (size.Depth, size.EmbedDim, size.Heads, size.MlpRatio, size.TubeletSize, size.PatchSize);

    private static List<string> Problems(VitConfig seen, VitConfig asked, string network)
    {
        var problems = new List<string>();
        if (seen.Input != asked.Input)
        {
            problems.Add($"Model.Input is {asked.Input}; the weights of {network} were trained on {seen.Input}, so it must be {seen.Input} too.");
        }

        if (seen.Positions != asked.Positions)
        {
            problems.Add($"Model.Positions is {asked.Positions}; the weights of {network} were trained with {seen.Positions}, so it must be {seen.Positions} too.");
        }

        return problems;
    }

    private static void ThrowIfAny(string optionsName, List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new MofoOptionsException(optionsName, problems);
        }
    }

    /// <summary>Checks that a network that starts from random weights computes its positions.</summary>
    /// <exception cref="MofoOptionsException">Its positions should come with weights.</exception>
    public static void RequireComputedPositions(VitConfig asked, string optionsName)
    {
        if (asked.Positions == TokenPositions.Stored)
        {
            throw new MofoOptionsException(optionsName, ["Model.Positions is Stored, but there are no weights to take the positions from; set InitialWeights."]);
        }
    }

    /// <summary>Sizes of the networks of a saved model, in the order of its stages.</summary>
    public static List<VitConfig> InSavedModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Where(entry => entry.Name == StageFile.JsonEntry).OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(entry => SizeIn(entry, path)).OfType<VitConfig>()];
    }

    private static VitConfig? SizeIn(ZipArchiveEntry entry, string path)
    {
        try
        {
            // What a model does not say was saved before there was a choice, and has the default.
            return ModelIn(entry, path)?.Deserialize<VitConfig>(Json);
        }
        catch (JsonException e)
        {
            throw new WeightFileException(path, null, $"a size of a network that cannot be read ({e.Message.TrimEnd('.')})", "a model of this version", e);
        }
    }

    private static JsonObject? ModelIn(ZipArchiveEntry entry, string path)
    {
        if (entry.Length > LongestDescription)
        {
            throw new WeightFileException(path, null, Invariant($"{entry.FullName} of {entry.Length} bytes"), Invariant($"at most {LongestDescription} bytes"));
        }

        try
        {
            using var stream = entry.Open();
            var state = (StrictJson.Parse(stream) as JsonObject)?["State"];
            return (state?["Options"]?["Model"] ?? state?["Network"]?["Size"]) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new WeightFileException(path, null, $"a damaged {entry.FullName}", "a saved model", e);
        }
    }
}
