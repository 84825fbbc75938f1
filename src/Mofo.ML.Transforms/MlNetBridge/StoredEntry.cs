using System.IO.Compression;
using Microsoft.ML;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>An entry of ML.NET's model zip that is stored as it is: weights do not shrink (7 %), and deflating 350 MB takes ten seconds.</summary>
internal static class StoredEntry
{
    /// <summary>Writes the entry straight into the zip, without ML.NET's copy in a temporary file. Its own reader finds it like any other.</summary>
    public static void Write(ModelSaveContext ctx, string name, Action<Stream> write)
    {
        var repository = ctx.Repository;
        repository.Flush(); // a zip has one open entry at a time, and ML.NET writes closed ones late
        repository.GetPath(out var path, out _, ctx.Directory, name, false);
        if (!repository.PathMap.TryAdd(path, null!))
        {
            throw new InvalidOperationException($"The model file has two entries {path}.");
        }

        using var stream = repository._archive.CreateEntry(path, CompressionLevel.NoCompression).Open();
        write(stream);
    }
}
