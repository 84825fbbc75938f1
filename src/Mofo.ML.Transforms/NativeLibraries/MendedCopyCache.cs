using System.Security.Cryptography;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Per-user folder of mended copies of native libraries, keyed by the content of the copy.</summary>
internal sealed class MendedCopyCache(string folder)
{
    /// <summary>The environment variable that moves the folder, e.g. where the home folder is read-only.</summary>
    public const string FolderVariable = "MOFO_NATIVE_CACHE";

    /// <summary>The folder in force: <c>MOFO_NATIVE_CACHE</c>, else the user's local application data, else a private temporary folder.</summary>
    public static MendedCopyCache ForUser()
    {
        var set = Environment.GetEnvironmentVariable(FolderVariable);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new MendedCopyCache(
            !string.IsNullOrEmpty(set) ? set
            : !string.IsNullOrEmpty(data) ? Path.Combine(data, "Mofo.ML", "native")
            : Path.Combine(Path.GetTempPath(), $"Mofo.ML-{Environment.UserName}", "native"));
    }

    /// <summary>Full path of a file with exactly these bytes; writes it unless it is there already.</summary>
    public string Keep(string fileName, byte[] mended)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(mended))[..32];
        var path = Path.Combine(folder, key, fileName);
        if (!File.Exists(path) || new FileInfo(path).Length != mended.Length)
        {
            CreatePrivateFolder(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(mended));
        }

        return path;
    }

    private static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // Others must not be able to put a library of theirs where we load from.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
