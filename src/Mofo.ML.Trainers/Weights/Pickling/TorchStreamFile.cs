using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>A file of torch.save before 1.6: pickles in a row (magic number, version, system, object, storage keys), then the raw storages.</summary>
internal sealed class TorchStreamFile(Stream stream, string origin) : ITorchStorages
{
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    private readonly PickleInput _input = new(stream, origin);
    private readonly Dictionary<string, (long Position, long Count)> _storages = [];
    private readonly Lock _gate = new();

    public object? ReadObject(Func<object?, object?> loadPersistent)
    {
        if (Plain() is not BigInteger magic || magic != Magic)
        {
            throw Wrong("no magic number of torch", "a file of torch.save");
        }

        if (Plain() is not 1001L)
        {
            throw Wrong("another version of the stream format", "version 1001");
        }

        if (Plain() is not PickleDict system || system.Find("little_endian") is not true)
        {
            throw Wrong("another byte order", "little-endian numbers");
        }

        var seen = new Dictionary<string, TorchStorage>();
        var result = new PickleMachine(_input, origin, id => Remember(loadPersistent(id), seen)).Run();
        FindStorages(seen);
        return result;
    }

    public void Check(TorchStorage storage, long byteCount, string tensor)
    {
        if (!_storages.TryGetValue(storage.Key, out var place))
        {
            throw new WeightFileException(origin, tensor, $"no storage '{storage.Key}'", "a storage of that key");
        }

        if (place.Count != storage.Count)
        {
            throw new WeightFileException(origin, tensor, Invariant($"a storage of {place.Count} elements"), Invariant($"{storage.Count}"));
        }
    }

    public void Read(TorchStorage storage, long byteOffset, Span<byte> destination, string tensor)
    {
        lock (_gate)
        {
            stream.Position = _storages[storage.Key].Position + byteOffset;
            if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
            {
                throw new WeightFileException(origin, tensor, "an end of file inside the tensor", Invariant($"{destination.Length} bytes"));
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private object? Plain() => new PickleMachine(_input, origin, _ => throw Wrong("a storage before the object", "plain numbers and words")).Run();

    private object? Remember(object? loaded, Dictionary<string, TorchStorage> seen)
    {
        // Views of one storage must agree about it, else one of them would be read with the wrong size.
        if (loaded is TorchStorage storage && !seen.TryAdd(storage.Key, storage) && (seen[storage.Key].TypeName, seen[storage.Key].Count) != (storage.TypeName, storage.Count))
        {
            throw Wrong($"the storage '{storage.Key}' with two types or sizes", "one");
        }

        return loaded;
    }

    private void FindStorages(Dictionary<string, TorchStorage> seen)
    {
        if (Plain() is not PickleList keys)
        {
            throw Wrong("no list of storages after the object", "their keys in file order");
        }

        Span<byte> prefix = stackalloc byte[8];
        foreach (var item in keys.Items)
        {
            if (item is not string key || !seen.TryGetValue(key, out var storage) || _storages.ContainsKey(key))
            {
                throw Wrong($"the storage key '{item as string ?? "?"}'", "keys that the object mentions, each once");
            }

            if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            {
                throw Wrong($"an end of file before the storage '{key}'", Invariant($"{keys.Items.Count} storages"));
            }

            Place(key, storage, BinaryPrimitives.ReadInt64LittleEndian(prefix));
        }
    }

    private void Place(string key, TorchStorage storage, long count)
    {
        var size = ElementSize(storage.TypeName);
        if (count < 0 || (Int128)count * size > stream.Length - stream.Position)
        {
            throw Wrong(Invariant($"{stream.Length - stream.Position} bytes left for the storage '{key}'"), Invariant($"{count} elements of {size} bytes"));
        }

        _storages.Add(key, (stream.Position, count));
        stream.Position += count * size;
    }

    private static int ElementSize(string typeName) =>
        PickleGlobals.TryStorageType(typeName, out var type) ? type.Size() : typeName switch
        {
            "ComplexDoubleStorage" => 16,
            "ComplexFloatStorage" => 8,
            "QInt32Storage" => 4,
            _ => 1,
        };

    private WeightFileException Wrong(string found, string expected) => new(origin, null, found, expected);
}
