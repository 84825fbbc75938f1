using System.IO.Compression;
using System.Text;

namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>A file of torch.save since 1.6: a zip with <c>NAME/data.pkl</c> and one <c>NAME/data/KEY</c> per storage. Read in place, never unpacked.</summary>
internal sealed class TorchZipFile : ITorchStorages
{
    /// <summary>Below this total no file is called a bomb, however well it is packed.</summary>
    private const long HarmlessBytes = 64 << 20;

    /// <summary>Weights hardly pack at all; torch itself does not pack them.</summary>
    private const int MaxPackingRatio = 100;

    private readonly ZipArchive _zip;
    private readonly string _origin;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly string _folder;
    private readonly Lock _gate = new();
    private Stream? _open;
    private string? _openKey;
    private long _openPosition;

    /// <param name="stream">Closed with this object, also when the constructor fails.</param>
    /// <param name="origin">File name for messages.</param>
    public TorchZipFile(Stream stream, string origin)
    {
        _origin = origin;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read);
            Index(stream.Length);
            _folder = FindFolder();
            CheckKind();
            CheckByteOrder();
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (IsDamage(e))
            {
                throw new WeightFileException(origin, null, $"a damaged zip ({e.Message.TrimEnd('.')})", "a whole file of torch.save", e);
            }

            throw;
        }
    }

    public object? ReadObject(Func<object?, object?> loadPersistent)
    {
        try
        {
            using var stream = new BufferedStream(_entries[_folder + "data.pkl"].Open(), 1 << 16);
            return new PickleMachine(new PickleInput(stream, _origin), _origin, loadPersistent).Run();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged("data.pkl", null, e);
        }
    }

    public void Check(TorchStorage storage, long byteCount, string tensor)
    {
        if (!_entries.TryGetValue(NameOf(storage.Key), out var entry))
        {
            throw new WeightFileException(_origin, tensor, $"no storage '{NameOf(storage.Key)}'", "an entry of that name");
        }

        if (entry.Length != byteCount)
        {
            throw new WeightFileException(_origin, tensor, Invariant($"a storage of {entry.Length} bytes"), Invariant($"{byteCount}: {storage.Count} elements of {storage.TypeName}"));
        }
    }

    public void Read(TorchStorage storage, long byteOffset, Span<byte> destination, string tensor)
    {
        lock (_gate)
        {
            try
            {
                var stream = OpenAt(storage.Key, byteOffset);
                var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
                _openPosition += read;
                if (read < destination.Length)
                {
                    throw new WeightFileException(_origin, tensor, Invariant($"an end of file after {byteOffset + read} bytes"), Invariant($"{byteOffset + destination.Length}"));
                }
            }
            catch (Exception e) when (IsDamage(e))
            {
                throw Damaged(NameOf(storage.Key), tensor, e);
            }
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _zip.Dispose();
    }

    /// <summary>Packed entries cannot seek; tensors that share one storage mostly come in order, so going on from the last one is enough.</summary>
    private Stream OpenAt(string key, long position)
    {
        if (_open is null || _openKey != key || _openPosition > position)
        {
            _open?.Dispose();
            _open = _entries[NameOf(key)].Open();
            _openKey = key;
            _openPosition = 0;
        }

        if (_open.CanSeek)
        {
            _openPosition = _open.Position = position;
            return _open;
        }

        Span<byte> skipped = stackalloc byte[4096];
        while (_openPosition < position)
        {
            var read = _open.Read(skipped[..(int)Math.Min(skipped.Length, position - _openPosition)]);
            if (read == 0)
            {
                break;
            }

            _openPosition += read;
        }

        return _open;
    }

    private string NameOf(string key) => $"{_folder}data/{key}";

    private void Index(long fileLength)
    {
        Int128 total = 0;
        foreach (var entry in _zip.Entries)
        {
            var name = entry.FullName;
            if (name.StartsWith('/') || name.AsSpan().ContainsAny('\\', ':', '\0') || name.Split('/').Contains("..") || !_entries.TryAdd(name, entry))
            {
                throw new WeightFileException(_origin, null, $"the zip entry '{name}'", "plain relative names, each once");
            }

            total += entry.Length;
        }

        if (total > HarmlessBytes && total > (Int128)MaxPackingRatio * fileLength)
        {
            throw new WeightFileException(_origin, null, Invariant($"{total} bytes packed into {fileLength}"), Invariant($"at most {MaxPackingRatio} times the size of the file"));
        }
    }

    /// <summary>torch names the folder after the file or calls it <c>archive</c>.</summary>
    private string FindFolder()
    {
        var descriptions = _entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1).ToList();
        return descriptions.Count == 1
            ? descriptions[0][..^"data.pkl".Length]
            : throw new WeightFileException(_origin, null, Invariant($"{descriptions.Count} entries FOLDER/data.pkl"), "one, as torch.save writes");
    }

    private void CheckKind()
    {
        if (_entries.ContainsKey(_folder + "constants.pkl"))
        {
            throw new WeightFileException(_origin, null, "a TorchScript archive, which is a program", "weights alone: in Python, torch.save(torch.jit.load(file).state_dict(), other)");
        }
    }

    private void CheckByteOrder()
    {
        if (!_entries.TryGetValue(_folder + "byteorder", out var entry))
        {
            return; // before torch 2.0: always little-endian
        }

        Span<byte> order = stackalloc byte[16];
        using var stream = entry.Open();
        var text = Encoding.ASCII.GetString(order[..stream.ReadAtLeast(order, order.Length, throwOnEndOfStream: false)]);
        if (text != "little")
        {
            throw new WeightFileException(_origin, null, $"the byte order '{text}'", "'little'");
        }
    }

    private static bool IsDamage(Exception e) => e is InvalidDataException or NotSupportedException or IOException or ArgumentException;

    private WeightFileException Damaged(string entry, string? tensor, Exception e) =>
        new(_origin, tensor, $"a damaged zip entry '{entry}' ({e.Message.TrimEnd('.')})", "an entry that can be unpacked", e);
}
