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

    /// <summary>Opens the entry where it lies in the zip: ML.NET's own reader unpacks it into a temporary file first, and 350 MB are then written and read once more.</summary>
    /// <returns>The bytes, read forwards, before any other entry is opened; null where there is no such entry or it is not stored as it is.</returns>
    public static Stream? TryOpen(ModelLoadContext ctx, string name)
    {
        var repository = ctx.Repository;
        repository.GetPath(out var path, out _, ctx.Directory, name, false);
        if (!repository._entries.TryGetValue(path, out var entry) || entry.Length != entry.CompressedLength)
        {
            return null;
        }

        try
        {
            var stream = entry.Open();
            if (stream is not DeflateStream)
            {
                return stream;
            }

            stream.Dispose();
            return null;
        }
        catch (InvalidDataException)
        {
            return null; // ML.NET's reader says what is wrong with it
        }
    }
}
