namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Reads the metadata of an ONNX file and skips the rest, so that it is fast even for a large model.</summary>
/// <remarks>Field 14 of the model: pairs of text (fields 1 and 2).</remarks>
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
        var model = new ProtobufFields(file, stream);
        while (model.MoveNext())
        {
            if (model is { Field: MetadataField, Length: >= 0 and <= LongestEntry })
            {
                var (name, value) = ReadPair(model.Inside());
                entries[name ?? throw model.Damaged()] = value;
            }
        }

        return entries;
    }

    /// <summary>Two texts, as ONNX writes a dictionary's entries.</summary>
    public static (string? Key, string Value) ReadPair(ProtobufFields pair)
    {
        string? key = null;
        var value = "";
        while (pair.MoveNext())
        {
            switch (pair.Field)
            {
                case 1:
                    key = pair.ReadText(LongestEntry);
                    break;
                case 2:
                    value = pair.ReadText(LongestEntry);
                    break;
                default:
                    break;
            }
        }

        return (key, value);
    }
}
