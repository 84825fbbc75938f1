using System.IO.Compression;
using Mofo.ML.Trainers.Weights.Facts;
using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Opens weight files by what they contain, whatever they are called, and writes our own.</summary>
internal static class WeightFiles
{
    /// <summary>Metadata entry of a checkpoint of ours: checksum of the file.</summary>
    public const string ChecksumKey = "mofo.checksum";

    /// <summary>Metadata entry of a checkpoint of ours: state of the training as JSON.</summary>
    public const string StateKey = "mofo.state";

    /// <summary>Group of a checkpoint of ours that holds the model; the others belong to the training.</summary>
    public const string ModelGroup = "model";

    /// <summary>
    /// Opens a file of torch.save, a safetensors file, the index of a model in shards (or one of its shards, through the index), a saved ML.NET model (the weights of its last
    /// stage) or a folder with one of them.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of that name.</exception>
    /// <exception cref="WeightFileException">The file is none of these, or damaged.</exception>
    public static WeightSet Open(string path) => OpenEach(path).First();

    /// <summary>Like <see cref="Open"/>; of a saved ML.NET model, the weights of every stage, one after the other, the last stage first.</summary>
    public static IEnumerable<WeightSet> OpenEach(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is neither a weight file nor a folder '{path}'. The library downloads no weights: download them first (docs/weights.md lists where), then name the file or the folder.", path);
        }

        path = Directory.Exists(path) ? WeightFolder.FileIn(path) : path;
        path = ShardIndex.Of(path) ?? path;
        return FormatOf(path) switch
        {
            Format.SavedModel => OpenSavedModel(path),
            Format.ShardIndex => [ShardIndex.Open(path, OpenOne)],
            _ => [OpenOne(path)],
        };
    }

    private static WeightSet OpenOne(string path) => FormatOf(path) switch
    {
        Format.TorchSave => TorchPickleReader.Open(path),
        Format.Safetensors => ModelOf(Safetensors.Open(path)),
        _ => throw new WeightFileException(
            path, null, UnknownFile.Describe(path), "a file of torch.save (.pth, .pt, .bin), a .safetensors file, the index of a model in shards or a saved model (.zip)"),
    };

    /// <summary>Writes tensors as <c>safetensors.torch.load_file</c> in Python reads them.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="set">Its tensors.</param>
    /// <param name="size">The size of the network, to be kept beside them; null where it is not known.</param>
    public static void Save(string path, WeightSet set, VitConfig? size = null) =>
        Safetensors.Save(path, set, new Dictionary<string, string>(size is null ? [] : [OwnSettings.Entry(size)]) { ["format"] = "pt" });

    private static WeightSet ModelOf(WeightSet set)
    {
        if (!set.Metadata.ContainsKey(StateKey))
        {
            return set;
        }

        var prefix = ModelGroup + ".";
        return new WeightSet(set.Origin, set.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t.Renamed(t.Name[prefix.Length..])), set.Metadata, set);
    }

    private static Format FormatOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> start = stackalloc byte[9];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith("PK\x03\x04"u8))
        {
            return IsTorchZip(path) ? Format.TorchSave : Format.SavedModel;
        }

        // A safetensors file has the brace of its JSON after 8 bytes of length; a pickle starts with its protocol.
        return start switch
        {
            [.., (byte)'{'] when start.Length == 9 => Format.Safetensors,
            [0x80, >= 2 and <= 5, ..] => Format.TorchSave,
            [(byte)'{', ..] => Format.ShardIndex,
            _ => Format.Unknown,
        };
    }

    private static bool IsTorchZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return zip.Entries.Any(entry => entry.FullName.EndsWith("data.pkl", StringComparison.Ordinal)) || !zip.Entries.Any(entry => IsOfMlNet(entry) || IsWeights(entry));
        }
        catch (InvalidDataException)
        {
            return true; // its reader says what is wrong
        }
    }

    /// <summary>Whether this is a model saved by ML.NET, whatever its stages are. Not every stage has weights: a motion detector has none, an exported model is an ONNX file.</summary>
    public static bool IsSavedModel(string path) => File.Exists(path) && FormatOf(path) == Format.SavedModel;

    private static IEnumerable<WeightSet> OpenSavedModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var weights = zip.Entries.Where(IsWeights).OrderByDescending(entry => entry.FullName, StringComparer.Ordinal).ToList();
        if (weights.Count == 0)
        {
            throw new WeightFileException(path, null, "a saved model without weights of this library", "a pretrained stage or a classifier in it");
        }

        foreach (var entry in weights)
        {
            yield return ReadEntry(entry, path);
        }
    }

    private static WeightSet ReadEntry(ZipArchiveEntry entry, string path)
    {
        try
        {
            using var stream = entry.Open();
            return Safetensors.Read(stream, $"{path}:{entry.FullName}");
        }
        catch (InvalidDataException e)
        {
            throw new WeightFileException(path, null, $"a damaged zip entry '{entry.FullName}'", "an entry that can be unpacked", e);
        }
    }

    /// <summary>Every stage that ML.NET saves has a Model.key, and every file a version. Older versions of ML.NET write paths with backslashes.</summary>
    private static bool IsOfMlNet(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/') is "TrainingInfo/Version.txt" or "Model.key" || entry.FullName.Replace('\\', '/').EndsWith("/Model.key", StringComparison.Ordinal);

    private static bool IsWeights(ZipArchiveEntry entry) => entry.FullName.EndsWith(".safetensors", StringComparison.Ordinal);

    private enum Format
    {
        Unknown,
        TorchSave,
        Safetensors,
        ShardIndex,
        SavedModel,
    }
}
