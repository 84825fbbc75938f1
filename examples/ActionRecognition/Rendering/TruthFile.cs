using System.Text.Json;

namespace ActionRecognition.Rendering;

/// <summary>True boxes of the moving things: per clip (path as in the lists), per frame left, top, right, bottom in half-open pixels.</summary>
internal static class TruthFile
{
    public const string Name = "truth.json";

    /// <summary>The truth that lies in a data folder, or null where it is not known.</summary>
    public static IReadOnlyDictionary<string, double[][]>? Find(string folder)
    {
        var file = Path.Combine(folder, Name);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, double[][]>>(File.ReadAllText(file))
            : null;
    }
}
