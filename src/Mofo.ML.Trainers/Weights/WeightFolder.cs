namespace Mofo.ML.Trainers.Weights;

/// <summary>Finds the weights in a checkpoint folder of DeepSpeed or HuggingFace.</summary>
internal static class WeightFolder
{
    /// <summary>DeepSpeed's name, then those of HuggingFace's <c>save_pretrained</c> in the order in which <c>from_pretrained</c> looks for them.</summary>
    private static readonly string[] Names =
        ["mp_rank_00_model_states.pt", "model.safetensors", "model.safetensors" + ShardIndex.Suffix, "pytorch_model.bin", "pytorch_model.bin" + ShardIndex.Suffix];

    /// <summary>Weights of other frameworks, which HuggingFace's folders may hold too.</summary>
    private static readonly string[] OtherFrameworks = ["tf_model.h5", "flax_model.msgpack", "model.onnx"];

    private static readonly string[] Extensions = [".safetensors", ".pth", ".pt", ".bin", ".ckpt"];

    /// <summary>The file to open: one of the known names, else the only file with an extension of weights.</summary>
    /// <exception cref="WeightFileException">There is none, or several and none of a known name.</exception>
    public static string FileIn(string folder)
    {
        if (Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } known)
        {
            return known;
        }

        var candidates = Directory.EnumerateFiles(folder).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return candidates.Count == 1 ? candidates[0] : throw new WeightFileException(folder, null, Describe(folder, candidates), $"one of the files {string.Join(", ", Names)} in it");
    }

    private static string Describe(string folder, List<string> candidates)
    {
        if (candidates.Count > 1)
        {
            return Invariant($"a folder with {candidates.Count} files of weights ({string.Join(", ", candidates.Take(6).Select(Path.GetFileName))}{(candidates.Count > 6 ? ", ..." : "")}); name the file");
        }

        return OtherFrameworks.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } other
            ? $"a folder with {other} alone, which is of another framework"
            : "a folder without weights";
    }
}
