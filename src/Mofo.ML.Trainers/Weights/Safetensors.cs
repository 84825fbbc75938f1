using System.Buffers.Binary;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Reads and writes the safetensors format: 8 bytes header length, JSON header, raw little-endian tensors without gaps.</summary>
/// <remarks>
/// Everything the header says is checked before a tensor is read, so a damaged or hostile file costs at most
/// <see cref="MaxHeaderBytes"/> and ends in a <see cref="WeightFileException"/>.
/// </remarks>
internal static class Safetensors
{
    /// <summary>Longest header that is read: room for some hundred thousand tensors; the largest model here has 700.</summary>
    public const int MaxHeaderBytes = 16 << 20;

    /// <summary>Opens a file; tensors are read when asked for, until the set is disposed.</summary>
    public static WeightSet Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            return Read(stream, path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads from the stream's position to its end.</summary>
    /// <param name="stream">A seekable stream must stay open while tensors are read; any other is read into memory at once.</param>
    /// <param name="origin">File or entry name for messages.</param>
    /// <param name="owned">Disposed together with the result.</param>
    public static WeightSet Read(Stream stream, string origin, IDisposable? owned = null)
    {
        var header = ReadHeader(stream, origin);
        return new WeightSet(origin, stream.CanSeek ? OnDemand(stream, header, origin) : IntoMemory(stream, header, origin), header.Metadata, owned);
    }

    /// <summary>Reads a stream that cannot seek (a packed zip entry) without keeping it: each tensor can be read once, in the order of the set.</summary>
    /// <remarks><see cref="ModuleWeights.Import"/> reads so. What follows the last tensor stays unread.</remarks>
    public static WeightSet ReadForwards(Stream stream, string origin)
    {
        var header = ReadHeader(stream, origin);
        return new WeightSet(origin, InOrder(stream, header, origin), header.Metadata);
    }

    /// <summary>Writes a file beside and renames it into place.</summary>
    public static void Save(string path, IReadOnlyCollection<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes the tensors one by one, so that at most one of them is in memory twice.</summary>
    /// <param name="stream">Written forwards only, from its position; stays open.</param>
    /// <param name="tensors">Written in the given order, wider element types first so that every tensor is aligned.</param>
    /// <param name="metadata">Free text stored beside the tensors.</param>
    public static void Write(Stream stream, IReadOnlyCollection<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.Size()).ToList();
        stream.Write(SafetensorsHeader.Format(ordered, metadata));
        var buffer = Array.Empty<byte>();
        foreach (var tensor in ordered)
        {
            if (buffer.Length < tensor.ByteCount)
            {
                buffer = GC.AllocateUninitializedArray<byte>(tensor.ByteCount);
            }

            var bytes = buffer.AsSpan(0, tensor.ByteCount);
            tensor.CopyTo(bytes);
            stream.Write(bytes);
        }
    }

    private static SafetensorsHeader ReadHeader(Stream stream, string origin)
    {
        var headerLength = ReadHeaderLength(stream, origin);
        var json = new byte[headerLength];
        if (stream.ReadAtLeast(json, headerLength, throwOnEndOfStream: false) < headerLength)
        {
            throw new WeightFileException(origin, null, "an end of file inside the header", Invariant($"a header of {headerLength} bytes"));
        }

        return SafetensorsHeader.Parse(json, origin);
    }

    private static int ReadHeaderLength(Stream stream, string origin)
    {
        Span<byte> prefix = stackalloc byte[8];
        var read = stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false);
        if (read < 8)
        {
            throw new WeightFileException(origin, null, Invariant($"a file of {read} bytes"), "a safetensors file, which has at least 8");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var limit = stream.CanSeek ? Math.Min(MaxHeaderBytes, stream.Length - stream.Position) : MaxHeaderBytes;
        return length is >= 2 && length <= (ulong)limit
            ? (int)length
            : throw new WeightFileException(origin, null, Invariant($"a header length of {length}"), Invariant($"a safetensors header of 2 to {limit} bytes"));
    }

    private static List<WeightTensor> OnDemand(Stream stream, SafetensorsHeader header, string origin)
    {
        var start = stream.Position;
        header.CheckDataLength(stream.Length - start, origin);
        var gate = new Lock();
        return header.Entries.ConvertAll(entry => new WeightTensor(entry.Name, entry.Type, entry.Shape, destination =>
        {
            lock (gate)
            {
                stream.Position = start + entry.Begin;
                Fill(stream, destination, entry, origin);
            }
        }));
    }

    private static List<WeightTensor> InOrder(Stream stream, SafetensorsHeader header, string origin)
    {
        var position = 0L;
        return header.Entries.ConvertAll(entry => new WeightTensor(entry.Name, entry.Type, entry.Shape, destination =>
        {
            if (position != entry.Begin)
            {
                throw new InvalidOperationException($"Tensor '{entry.Name}' of {origin} is read out of order; this stream goes forwards only.");
            }

            Fill(stream, destination, entry, origin);
            position += entry.ByteCount;
        }));
    }

    private static List<WeightTensor> IntoMemory(Stream stream, SafetensorsHeader header, string origin)
    {
        var tensors = new List<WeightTensor>(header.Entries.Count);
        foreach (var entry in header.Entries)
        {
            // What a header claims is believed only as far as bytes arrive.
            var bytes = new GrowingBuffer(entry.ByteCount);
            if (!bytes.FillFrom(stream))
            {
                throw Truncated(entry, origin);
            }

            tensors.Add(WeightTensor.FromMemory(entry.Name, entry.Type, entry.Shape, bytes.Bytes));
        }

        if (stream.ReadByte() >= 0)
        {
            throw new WeightFileException(origin, null, "bytes after the last tensor", Invariant($"an end after {header.DataLength} bytes of tensors"));
        }

        return tensors;
    }

    private static void Fill(Stream stream, Span<byte> destination, SafetensorsEntry entry, string origin)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw Truncated(entry, origin);
        }
    }

    private static WeightFileException Truncated(SafetensorsEntry entry, string origin) =>
        new(origin, entry.Name, "an end of file inside the tensor", Invariant($"{entry.ByteCount} bytes"));
}
