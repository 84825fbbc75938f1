using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Where one tensor lies in the data part of a safetensors file.</summary>
internal sealed record SafetensorsEntry(string Name, WeightType Type, long[] Shape, long Begin, int ByteCount);

/// <summary>The JSON header of a safetensors file: checked when parsed, written without gaps.</summary>
internal sealed class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private const int MaxRank = 16;

    private SafetensorsHeader(List<SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>Tensors in file order.</summary>
    public List<SafetensorsEntry> Entries { get; }

    public Dictionary<string, string> Metadata { get; }

    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].Begin + Entries[^1].ByteCount;

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string origin)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            return Parse(ref reader, origin);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is not valid UTF-8 or UTF-16, or a token of another kind than asked for.
            throw new WeightFileException(origin, null, $"a header that is not the JSON of a safetensors file ({e.Message.TrimEnd('.')})", "an object of dtype, shape and data_offsets per tensor", e);
        }
    }

    /// <summary>Length prefix and JSON, padded with blanks so that the data starts at a multiple of 8.</summary>
    public static byte[] Format(IReadOnlyList<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        buffer.Write<byte>(new byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                WriteEntry(json, tensor, offset);
                offset += tensor.ByteCount;
            }

            json.WriteEndObject();
        }

        buffer.Write("       "u8[..((8 - (buffer.WrittenCount % 8)) % 8)]);
        var bytes = buffer.WrittenSpan.ToArray();
        if (bytes.Length - 8 > Safetensors.MaxHeaderBytes)
        {
            throw new InvalidOperationException(Invariant($"The header of {tensors.Count} tensors has {bytes.Length - 8} bytes; at most {Safetensors.MaxHeaderBytes} can be read back."));
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        return bytes;
    }

    /// <summary>Rejects a file that is shorter or longer than the header says.</summary>
    public void CheckDataLength(long found, string origin)
    {
        if (found != DataLength)
        {
            throw new WeightFileException(origin, null, Invariant($"{found} bytes of tensors"), Invariant($"{DataLength}, as the header says"));
        }
    }

    private static SafetensorsHeader Parse(ref Utf8JsonReader reader, string origin)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>();
        var metadata = new Dictionary<string, string>();
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new WeightFileException(origin, name, "the name twice", "unique names");
            }

            if (name == MetadataKey)
            {
                ReadMetadata(ref reader, metadata);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, name, origin));
            }
        }

        entries.Sort((a, b) => (a.Begin, a.ByteCount).CompareTo((b.Begin, b.ByteCount)));
        CheckContiguous(entries, origin);
        return reader.Read() ? throw new JsonException("text after the object") : new SafetensorsHeader(entries, metadata);
    }

    private static void CheckContiguous(List<SafetensorsEntry> entries, string origin)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                throw new WeightFileException(origin, entry.Name, Invariant($"data at offset {entry.Begin}"), Invariant($"{end}, where the tensor before it ends (no gap, no overlap)"));
            }

            end += entry.ByteCount;
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string origin)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        string? code = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8) && code is null)
            {
                Expect(ref reader, JsonTokenType.String);
                code = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8) && shape is null)
            {
                shape = ReadNumbers(ref reader);
            }
            else if (reader.ValueTextEquals("data_offsets"u8) && offsets is null)
            {
                offsets = ReadNumbers(ref reader);
            }
            else
            {
                throw new WeightFileException(origin, name, $"the key '{reader.GetString()}'", "dtype, shape and data_offsets, once each");
            }
        }

        if (code is null || shape is null || offsets is not { Length: 2 })
        {
            throw new WeightFileException(origin, name, "an incomplete entry", "dtype, shape and two data_offsets");
        }

        return Check(name, code, shape, offsets[0], offsets[1], origin);
    }

    private static SafetensorsEntry Check(string name, string code, long[] shape, long begin, long end, string origin)
    {
        if (!WeightTypes.TryFromCode(code, out var type))
        {
            throw new WeightFileException(origin, name, $"the dtype '{code}'", $"one of {WeightTypes.KnownCodes}");
        }

        if (!WeightTensor.TryCountBytes(type, shape, out var bytes))
        {
            throw new WeightFileException(origin, name, $"the shape {WeightTensor.Describe(shape)}", Invariant($"sizes of 0 and more, together at most {Array.MaxLength} bytes"));
        }

        return begin >= 0 && end >= begin && end - begin == bytes
            ? new SafetensorsEntry(name, type, shape, begin, bytes)
            : throw new WeightFileException(origin, name, Invariant($"data_offsets [{begin}, {end}]"), Invariant($"{bytes} bytes, as {code} {WeightTensor.Describe(shape)} has"));
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (numbers.Count == MaxRank)
            {
                throw new JsonException(Invariant($"more than {MaxRank} dimensions"));
            }

            numbers.Add(reader.GetInt64());
        }

        return reader.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw new JsonException($"{reader.TokenType} in a list of numbers");
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            metadata[key] = reader.GetString()!;
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        var found = Next(ref reader);
        if (found != type)
        {
            throw new JsonException($"{found} where {type} belongs");
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("an early end");

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject(MetadataKey);
        foreach (var (key, value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, WeightTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.Code());
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
