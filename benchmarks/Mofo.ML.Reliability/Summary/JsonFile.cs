using System.Text.Json;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Reliability.Summary;

/// <summary>The state of a part of the campaign as a file.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static T? Read<T>(string path)
        where T : class => File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json) : null;

    public static void Write<T>(string path, T value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, JsonSerializer.Serialize(value, Json));
    }
}
