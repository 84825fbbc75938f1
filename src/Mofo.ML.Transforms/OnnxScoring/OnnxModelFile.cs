namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>An exported model: its bytes, or, where its weights lie in a second file, its path.</summary>
/// <param name="Name">Path it was read from, for messages and for models whose weights lie beside them.</param>
/// <param name="Bytes">The whole file; null where it has a second one.</param>
/// <param name="Facts">What it says of itself.</param>
internal sealed record OnnxModelFile(string Name, byte[]? Bytes, OnnxModelFacts Facts)
{
    /// <summary>Reads a file. One that stands for itself is taken into memory, so that a saved pipeline can hold it; one that names files with weights is not.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or one that it names is missing.</exception>
    /// <exception cref="InvalidDataException">It is no exported model, or it names a file outside its folder.</exception>
    public static OnnxModelFile Open(string path)
    {
        CheckThere(path);
        var full = Path.GetFullPath(path);
        return NamesOtherFiles(full) ? new OnnxModelFile(full, null, ReadFacts(full)) : Of(full, File.ReadAllBytes(full));
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

    /// <summary>The full path of a file that a model names.</summary>
    /// <param name="full">Full path of the model.</param>
    /// <param name="name">The name in the model, relative to its folder.</param>
    /// <exception cref="InvalidDataException">It is outside that folder.</exception>
    internal static string PathBeside(string full, string name)
    {
        var folder = Path.GetDirectoryName(full)!;
        if (!Path.EndsInDirectorySeparator(folder)) // the root folder does
        {
            folder += Path.DirectorySeparatorChar;
        }

        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder, StringComparison.Ordinal)
            ? path
            : throw new InvalidDataException($"The ONNX file '{full}' names a file with weights outside its folder: '{name}'.");
    }

    private static bool NamesOtherFiles(string full)
    {
        using var stream = File.OpenRead(full);
        var names = OnnxExternalData.LocationsOf(full, stream);
        foreach (var name in names)
        {
            var path = PathBeside(full, name);
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"The ONNX file '{full}' keeps weights in '{name}' beside it, which is not there.", path);
            }
        }

        return names.Count > 0;
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
