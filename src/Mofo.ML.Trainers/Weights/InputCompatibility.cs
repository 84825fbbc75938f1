using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Refuses weights of a network that saw something else of its clips or knew other positions: their shapes would fit, and their scores mean nothing.</summary>
/// <remarks>Only saved models tell what their network sees; <c>.pth</c> and <c>.safetensors</c> hold weights alone.</remarks>
internal static class InputCompatibility
{
    /// <summary>Bytes that the description of a stage may take: thousands of class names, no zip bomb.</summary>
    private const long LongestDescription = 16 << 20;

    /// <summary>Checks a file of weights against the option.</summary>
    /// <exception cref="MofoOptionsException">The file is a saved model whose networks see something else or know other positions.</exception>
    public static void Require(string path, VitConfig asked, string optionsName)
    {
        if (WeightFiles.IsSavedModel(path))
        {
            foreach (var seen in InSavedModel(path))
            {
                Require(seen, asked, path, optionsName);
            }
        }
    }

    /// <summary>Checks a network against the option.</summary>
    /// <exception cref="MofoOptionsException">It sees something else or knows other positions.</exception>
    public static void Require(VitConfig seen, VitConfig asked, string network, string optionsName) => Require((seen.Input, seen.Positions), asked, network, optionsName);

    private static void Require((ClipInput Input, TokenPositions Positions) seen, VitConfig asked, string network, string optionsName)
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

        if (problems.Count > 0)
        {
            throw new MofoOptionsException(optionsName, problems);
        }
    }

    private static List<(ClipInput Input, TokenPositions Positions)> InSavedModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var seen = new List<(ClipInput, TokenPositions)>();
        foreach (var entry in zip.Entries.Where(entry => entry.Name == StageFile.JsonEntry))
        {
            // Models saved before there was a choice saw pixels, in a sequence.
            if (ModelIn(entry, path) is { } model)
            {
                seen.Add((Value(model, nameof(VitConfig.Input), ClipInput.Pixels, path), Value(model, nameof(VitConfig.Positions), TokenPositions.Sequence, path)));
            }
        }

        return seen;
    }

    private static T Value<T>(JsonObject model, string name, T before, string path)
        where T : struct, Enum
    {
        var text = (string?)model[name];
        return text is null ? before : Enum.TryParse<T>(text, out var value) ? value : throw new WeightFileException(path, null, $"a model with {name} '{text}'", "a model of this version");
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
            return (JsonNode.Parse(stream) as JsonObject)?["State"]?["Options"]?["Model"] as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new WeightFileException(path, null, $"a damaged {entry.FullName}", "a saved model", e);
        }
    }
}
