using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Refuses weights of a network that saw something else of its clips: their shapes would fit, and their scores mean nothing.</summary>
/// <remarks>Only saved models tell what their network sees; <c>.pth</c> and <c>.safetensors</c> hold weights alone.</remarks>
internal static class SeenInput
{
    /// <summary>Bytes that the description of a stage may take: thousands of class names, no zip bomb.</summary>
    private const long LongestDescription = 16 << 20;

    /// <summary>Checks a file of weights against the option.</summary>
    /// <exception cref="MofoOptionsException">The file is a saved model whose networks see something else.</exception>
    public static void Require(string path, ClipInput asked, string optionsName)
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
    /// <exception cref="MofoOptionsException">It sees something else.</exception>
    public static void Require(ClipInput seen, ClipInput asked, string network, string optionsName)
    {
        if (seen != asked)
        {
            throw new MofoOptionsException(optionsName, [$"Model.Input is {asked}; the weights of {network} were trained on {seen}, so it must be {seen} too."]);
        }
    }

    private static List<ClipInput> InSavedModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var seen = new List<ClipInput>();
        foreach (var entry in zip.Entries.Where(entry => entry.Name == StageFile.JsonEntry))
        {
            // Models saved before there was a choice saw pixels.
            if (ModelIn(entry, path) is { } model)
            {
                var text = (string?)model["Input"] ?? nameof(ClipInput.Pixels);
                seen.Add(Enum.TryParse<ClipInput>(text, out var input) ? input : throw new WeightFileException(path, null, $"a model that sees '{text}'", "a model of this version"));
            }
        }

        return seen;
    }

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
