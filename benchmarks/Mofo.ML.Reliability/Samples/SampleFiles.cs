using Mofo.ML.Reliability.Processes;

namespace Mofo.ML.Reliability.Samples;

/// <summary>Sound files that the campaign starts from: clips, a trained model, its export. Made once, in a process of its own.</summary>
/// <param name="folder">Of the campaign.</param>
internal sealed class SampleFiles(string folder)
{
    private const int LargestSmallVideo = 24 << 10;

    private string Folder => Path.Combine(folder, "samples");

    public string Clips => Path.Combine(Folder, "clips");

    /// <summary>One clip a line: name and class.</summary>
    public string List => Path.Combine(Clips, "list.csv");

    public string Model => Path.Combine(Folder, "model.zip");

    public string Onnx => Path.Combine(Folder, "model.onnx");

    /// <summary>Makes them unless they are there.</summary>
    public static SampleFiles Ensure(string folder)
    {
        var samples = new SampleFiles(folder);
        if (!File.Exists(samples.Onnx)) // it is written last
        {
            _ = OwnProgram.Require(["prepare-samples", "--out", folder]);
        }

        return samples;
    }

    public IReadOnlyList<string> ClipFiles() => [.. Directory.GetFiles(Clips).Where(file => !file.EndsWith(".csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Videos that are small enough to be mutated a million times.</summary>
    public IEnumerable<byte[]> SmallVideos() => ClipFiles().Where(file => new FileInfo(file).Length <= LargestSmallVideo).Select(File.ReadAllBytes);

    /// <summary>Coded pictures as they stand in the clips: every Motion JPEG frame is a JPEG file.</summary>
    public IEnumerable<byte[]> Pictures() => ClipFiles().Where(file => file.EndsWith(".avi", StringComparison.Ordinal)).Take(1).Select(File.ReadAllBytes)
        .Select(bytes => bytes[bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])..]).Select(bytes => bytes[..Math.Min(bytes.Length, 4096)]);
}
