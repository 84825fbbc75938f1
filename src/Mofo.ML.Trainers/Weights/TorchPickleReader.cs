using Mofo.ML.Trainers.Weights.Pickling;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Reads the weights out of files of torch.save (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>), both formats, without executing anything in them.</summary>
/// <remarks>
/// The weights are the dictionary under <c>model</c>, else <c>module</c> (DeepSpeed), <c>state_dict</c>, <c>model_state_dict</c>, <c>model_ema</c>, <c>state_dict_ema</c>, <c>network</c>,
/// <c>net</c>, <c>ema_state_dict</c>, <c>ema</c>, else the file's object itself; one of these may stand inside another.
/// </remarks>
internal static class TorchPickleReader
{
    /// <summary>Key of <see cref="WeightSet.Metadata"/>: where in the file the weights were.</summary>
    public const string PlaceKey = "place";

    /// <summary>Key of <see cref="WeightSet.Metadata"/>: entries beside the tensors that were left out.</summary>
    public const string SkippedKey = "skipped";

    private static readonly string[] ModelKeys = ["model", "module", "state_dict", "model_state_dict", "model_ema", "state_dict_ema", "network", "net", "ema_state_dict", "ema"];

    /// <summary>Dictionaries inside dictionaries that are looked through for the weights.</summary>
    private const int MaxNesting = 2;

    private static ReadOnlySpan<byte> ZipSignature => "PK\x03\x04"u8;

    /// <summary>Opens a file; tensors are read when asked for, until the set is disposed.</summary>
    public static WeightSet Open(string path) => Read(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), path);

    /// <param name="stream">Seekable, at its beginning; closed with the result, also when reading fails.</param>
    /// <param name="origin">File name for messages.</param>
    public static WeightSet Read(Stream stream, string origin)
    {
        Span<byte> start = stackalloc byte[4];
        var read = stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        ITorchStorages storages;
        Func<Func<object?, object?>, object?> readObject;
        if (start[..read].SequenceEqual(ZipSignature))
        {
            var zip = new TorchZipFile(stream, origin);
            (storages, readObject) = (zip, zip.ReadObject);
        }
        else
        {
            var file = new TorchStreamFile(stream, origin);
            (storages, readObject) = (file, file.ReadObject);
        }

        try
        {
            return Collect(readObject(id => LoadPersistent(id, origin)), storages, origin);
        }
        catch
        {
            storages.Dispose();
            throw;
        }
    }

    private static WeightSet Collect(object? root, ITorchStorages storages, string origin)
    {
        var top = root as PickleDict ?? throw new WeightFileException(origin, null, "an object that is no dictionary", "a state_dict or a checkpoint that holds one");
        var (place, weights) = Locate(top, "", MaxNesting) ?? ("", top);
        var tensors = new OrderedDictionary<string, WeightTensor>();
        var skipped = new List<string>();
        var converter = new TorchTensors(storages, origin);
        foreach (var (key, value) in weights.Items)
        {
            if (key is string name && value is TorchTensor tensor)
            {
                tensors[name] = converter.ToWeight(name, tensor);
            }
            else
            {
                skipped.Add(key as string ?? "?");
            }
        }

        if (tensors.Count == 0)
        {
            throw new WeightFileException(origin, null, $"no tensors; the file has the keys {string.Join(", ", top.Names.Take(20))}", $"tensors under {string.Join(", ", ModelKeys)} or at the top");
        }

        var metadata = new Dictionary<string, string> { [PlaceKey] = place, [SkippedKey] = string.Join(", ", skipped) };
        return new WeightSet(origin, tensors.Values, metadata, storages);
    }

    /// <summary>The first dictionary under the known keys that holds tensors, else this one if it does.</summary>
    private static (string Place, PickleDict Weights)? Locate(PickleDict dictionary, string place, int depth)
    {
        foreach (var key in ModelKeys)
        {
            if (depth > 0 && dictionary.Find(key) is PickleDict inner && Locate(inner, place.Length == 0 ? key : $"{place}.{key}", depth - 1) is { } found)
            {
                return found;
            }
        }

        return dictionary.Items.Exists(item => item is { Key: string, Value: TorchTensor }) ? (place, dictionary) : null;
    }

    /// <summary>The only kind of outside reference there is: <c>('storage', class, key, device, count[, view])</c>.</summary>
    private static TorchStorage LoadPersistent(object? id, string origin)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal kind, string key, _, long count, .. var rest] } || !PickleGlobals.IsStorage(kind.Module, kind.Name))
        {
            throw new WeightFileException(origin, null, "a reference that is no storage", "a state_dict; a file that holds a whole pickled model cannot be read");
        }

        return rest switch
        {
            [] or [null] => new TorchStorage(kind.Name, key, count, 0, count),
            [PickleTuple { Items: [string, long offset, long viewCount] }] => new TorchStorage(kind.Name, key, count, offset, viewCount),
            _ => throw new WeightFileException(origin, null, "a view of a storage that is not understood", "key, offset and size"),
        };
    }
}
