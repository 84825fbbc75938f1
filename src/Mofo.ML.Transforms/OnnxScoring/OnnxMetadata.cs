using System.Text;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Reads the metadata of an ONNX file and passes over the rest, so that it costs nothing to ask even a large model.</summary>
/// <remarks>Protocol buffers: every field has a key, (number shl 3) + kind. Metadata is field 14 of the model, pairs of text (fields 1 and 2).</remarks>
internal static class OnnxMetadata
{
    private const int MetadataField = 14;
    private const int LongestEntry = 1 << 24;

    /// <summary>All entries of a file.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="stream">The file, which can seek.</param>
    /// <exception cref="InvalidDataException">This is no ONNX file, or it is cut short.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file, Stream stream)
    {
        var entries = new Dictionary<string, string>();
        while (stream.Position < stream.Length)
        {
            var key = Number(file, stream);
            if ((key & 7) == 0)
            {
                _ = Number(file, stream); // the value is read over
                continue;
            }

            var length = (key & 7) switch
            {
                1 => 8,
                2 => (long)Number(file, stream),
                5 => 4,
                _ => throw Damaged(file),
            };
            if (length < 0 || length > stream.Length - stream.Position)
            {
                throw Damaged(file);
            }

            if (key == ((MetadataField << 3) | 2) && length <= LongestEntry)
            {
                AddEntry(file, stream, (int)length, entries);
            }
            else
            {
                stream.Position += length;
            }
        }

        return entries;
    }

    private static void AddEntry(string file, Stream stream, int length, Dictionary<string, string> entries)
    {
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        using var entry = new MemoryStream(bytes);
        string? name = null, value = "";
        while (entry.Position < entry.Length)
        {
            var key = Number(file, entry);
            var size = Number(file, entry);
            if ((key & 7) != 2 || size > (ulong)(entry.Length - entry.Position))
            {
                throw Damaged(file);
            }

            var text = Encoding.UTF8.GetString(bytes, (int)entry.Position, (int)size);
            (name, value) = key >> 3 == 1 ? (text, value) : (name, text);
            entry.Position += (long)size;
        }

        entries[name ?? throw Damaged(file)] = value;
    }

    private static ulong Number(string file, Stream stream)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged(file);
    }

    private static InvalidDataException Damaged(string file) => new($"'{file}' is no ONNX file, or it is damaged.");
}
