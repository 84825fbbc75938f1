using System.Text;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Says what a file that is no weight file seems to be: what a failed download often leaves instead of the file.</summary>
internal static class UnknownFile
{
    private const int Looked = 512;

    /// <summary>Where a tar archive has its mark (POSIX ustar).</summary>
    private const int TarMark = 257;

    private static readonly (string Start, string Kind)[] Starts =
    [
        ("version https://git-lfs", "a pointer of Git LFS in place of the file itself (fetch it with 'git lfs pull', or download the file from the page that lists it)"),
        ("<!doctype html", "a web page in place of the file (the download asked for a confirmation or a login)"),
        ("<html", "a web page in place of the file (the download asked for a confirmation or a login)"),
        ("\u0089HDF", "an HDF5 file (weights of TensorFlow or Keras)"),
        ("GGUF", "a GGUF file"),
        ("\u001F\u008B", "a gzip archive (unpack it first)"),
        ("7z\u00BC\u00AF", "a 7-Zip archive (unpack it first)"),
        ("Rar!", "a RAR archive (unpack it first)"),
        ("\u0093NUMPY", "an array of NumPy"),
    ];

    public static string Describe(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[Looked];
        var count = stream.ReadAtLeast(bytes, Looked, throwOnEndOfStream: false);
        if (count == 0)
        {
            return "an empty file";
        }

        var text = Encoding.Latin1.GetString(bytes, 0, count).TrimStart();
        var (_, kind) = Array.Find(Starts, start => text.StartsWith(start.Start, StringComparison.OrdinalIgnoreCase));
        if (kind is null && bytes.AsSpan(TarMark).StartsWith("ustar"u8))
        {
            return "a tar archive, as PyTorch before 0.2 wrote weights too (unpack it, or load it in Python and save it again with torch.save)";
        }

        return kind ?? (Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? "an ONNX file (ApplyMofoOnnxModel scores those)" : "a file of another kind");
    }
}
