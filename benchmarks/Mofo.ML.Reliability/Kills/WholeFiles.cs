using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.OnnxScoring;

namespace Mofo.ML.Reliability.Kills;

/// <summary>Looks at what lies in a job's folder: whether every file is whole, and what it holds.</summary>
internal static class WholeFiles
{
    private const string Partial = ".partial";

    /// <summary>What is wrong with files under their final names; partial files are meant to lie beside them until the next run.</summary>
    public static IReadOnlyList<string> Problems(string folder) =>
        [.. Files(folder).Where(file => !file.EndsWith(Partial, StringComparison.Ordinal)).Select(file => (file, problem: ProblemOf(file))).Where(f => f.problem is not null).Select(f => $"{Path.GetRelativePath(folder, f.file)}: {f.problem}")];

    /// <summary>Partial files, and whatever else is meant to be gone when a job has ended.</summary>
    public static IReadOnlyList<string> Leftovers(string folder) =>
        [.. Files(folder).Where(file => file.EndsWith(Partial, StringComparison.Ordinal) || file.EndsWith(".lock", StringComparison.Ordinal) || file.EndsWith(".probe", StringComparison.Ordinal) || file.EndsWith(".damaged", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(folder, file))];

    /// <summary>Names and content of all files; of zip files, of their entries, as those bear the time of writing.</summary>
    public static string Fingerprint(string folder)
    {
        var text = new StringBuilder();
        foreach (var file in Files(folder))
        {
            text.Append(Path.GetRelativePath(folder, file)).Append(' ').AppendLine(file.EndsWith(".zip", StringComparison.Ordinal) ? OfZip(file) : Hash(File.ReadAllBytes(file)));
        }

        return text.ToString();
    }

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string? ProblemOf(string file)
    {
        try
        {
            switch (Path.GetExtension(file))
            {
                case ".zip":
                    (new MLContext().Model.Load(file, out _) as IDisposable)?.Dispose();
                    break;
                case ".json":
                    _ = BoxJson.Read(file);
                    break;
                case ".boxes":
                    var text = File.ReadAllText(file);
                    var line = text.IndexOf('\n', StringComparison.Ordinal);
                    return line > 0 && text[..line] == Hash(Encoding.UTF8.GetBytes(text[(line + 1)..])) ? null : "its checksum does not fit";
                case ".onnx":
                    _ = OnnxModelFile.Open(file);
                    break;
                case ".safetensors" when Path.GetFileName(file).StartsWith("checkpoint-", StringComparison.Ordinal):
                    CheckpointFile.Open(file).Dispose();
                    break;
                case ".safetensors":
                    using (var set = Safetensors.Open(file))
                    {
                        set.ToList().ForEach(tensor => tensor.ToArray());
                    }

                    break;
                case ".parquet":
                    var bytes = File.ReadAllBytes(file);
                    return bytes.AsSpan().EndsWith("PAR1"u8) ? null : "no end mark";
                default:
                    return new FileInfo(file).Length > 0 || file.EndsWith(".lock", StringComparison.Ordinal) ? null : "empty";
            }

            return null;
        }
#pragma warning disable CA1031 // Whatever reading it raises, the file is not whole.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }

    private static string OfZip(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return string.Join(' ', zip.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(entry =>
        {
            using var stream = entry.Open();
            return entry.FullName + ":" + Convert.ToHexStringLower(SHA256.HashData(stream));
        }));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
