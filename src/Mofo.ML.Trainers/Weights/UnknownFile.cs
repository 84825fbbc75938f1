using System.Text;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Says what a file that is no weight file seems to be: what a failed download often leaves instead of the file.</summary>
internal static class UnknownFile
{
    private const int Looked = 256;

    private static readonly (string Start, string Kind)[] Starts =
    [
        ("version https://git-lfs", "a pointer of Git LFS in place of the file itself (fetch it with 'git lfs pull', or download the file from the page that lists it)"),
        ("<!doctype html", "a web page in place of the file (the download asked for a confirmation or a login)"),
        ("<html", "a web page in place of the file (the download asked for a confirmation or a login)"),
        ("\u0089HDF", "an HDF5 file (weights of TensorFlow or Keras)"),
        ("GGUF", "a GGUF file"),
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
        return kind ?? (Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? "an ONNX file (ApplyMofoOnnxModel scores those)" : "a file of another kind");
    }
}
