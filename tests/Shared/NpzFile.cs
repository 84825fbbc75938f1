using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Mofo.ML.Tests.Shared;

/// <summary>Reads numpy .npz archives (little endian, C order): the format of the golden pack.</summary>
internal sealed partial class NpzFile : IDisposable
{
    private readonly ZipArchive _zip;

    public NpzFile(string path) => _zip = ZipFile.OpenRead(path);

    public IEnumerable<string> Names => _zip.Entries.Select(e => e.FullName[..^4]);

    public bool Contains(string name) => _zip.GetEntry(name + ".npy") is not null;

    public NpyArray this[string name]
    {
        get
        {
            var entry = _zip.GetEntry(name + ".npy") ?? throw new KeyNotFoundException($"No array '{name}' in the archive; it has {string.Join(", ", Names)}.");
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return Parse(memory.ToArray());
        }
    }

    public void Dispose() => _zip.Dispose();

    private static NpyArray Parse(byte[] bytes)
    {
        var start = bytes[6] == 1 ? 10 : 12;
        var length = bytes[6] == 1 ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToInt32(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, start, length);
        var type = Descriptor().Match(header).Groups[1].Value;
        var shape = Shape().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(long.Parse).ToArray();
        return new NpyArray(type.TrimStart('<', '|', '='), shape, bytes[(start + length)..]);
    }

    [GeneratedRegex("'descr':\\s*'([^']+)'")]
    private static partial Regex Descriptor();

    [GeneratedRegex("'shape':\\s*\\(([^)]*)\\)")]
    private static partial Regex Shape();
}

/// <summary>One numpy array: its type (f4, f8, f2, u1, i4, i8, b1), shape and raw bytes.</summary>
internal sealed record NpyArray(string Type, long[] Shape, byte[] Bytes)
{
    public int Count => (int)Shape.Aggregate(1L, (a, b) => a * b);

    public T[] As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes).ToArray();

    /// <summary>The values as float, whatever the stored type is.</summary>
    public float[] ToSingles() => Type switch
    {
        "f4" => As<float>(),
        "f8" => Array.ConvertAll(As<double>(), v => (float)v),
        "f2" => Array.ConvertAll(As<Half>(), v => (float)v),
        "u1" or "b1" => Array.ConvertAll(Bytes, v => (float)v),
        "i4" => Array.ConvertAll(As<int>(), v => (float)v),
        "i8" => Array.ConvertAll(As<long>(), v => (float)v),
        _ => throw new NotSupportedException($"numpy type {Type}"),
    };
}
