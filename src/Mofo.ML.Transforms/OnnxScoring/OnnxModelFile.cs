namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>An exported model: its bytes, or, where its weights lie in a second file, its path.</summary>
/// <param name="Name">Path it was read from, for messages and for models whose weights lie beside them.</param>
/// <param name="Bytes">The whole file; null where it has a second one.</param>
/// <param name="Facts">What it says of itself.</param>
internal sealed record OnnxModelFile(string Name, byte[]? Bytes, OnnxModelFacts Facts)
{
    /// <summary>Reads a file. One that stands for itself is taken into memory, so that a saved pipeline can hold it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or its second one is missing.</exception>
    /// <exception cref="InvalidDataException">It is no exported model.</exception>
    public static OnnxModelFile Open(string path)
    {
        CheckThere(path);
        var full = Path.GetFullPath(path);
        if (File.Exists(full + ".data"))
        {
            return new OnnxModelFile(full, null, ReadFacts(full));
        }

        var bytes = File.ReadAllBytes(full);
        return Of(full, bytes);
    }

    /// <summary>A model that lies in memory.</summary>
    /// <exception cref="InvalidDataException">It is no exported model.</exception>
    public static OnnxModelFile Of(string name, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return new OnnxModelFile(name, bytes, OnnxModelFacts.Of(name, OnnxMetadata.Read(name, stream)));
    }

    /// <summary>What a file says of itself, without reading the weights.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no exported model.</exception>
    public static OnnxModelFacts ReadFacts(string path)
    {
        CheckThere(path);
        using var stream = File.OpenRead(path);
        return OnnxModelFacts.Of(path, OnnxMetadata.Read(path, stream));
    }

    private static void CheckThere(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no ONNX file '{path}'.", path);
        }
    }
}
