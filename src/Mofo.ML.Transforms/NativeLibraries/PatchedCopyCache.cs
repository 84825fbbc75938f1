using System.Security.Cryptography;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Per-user folder of patched copies of native libraries, keyed by the content of the copy.</summary>
/// <remarks>
/// What is loaded from here runs with the user's rights. So the folder of a copy belongs to the user and is closed to all others, and a copy is loaded only
/// after it was compared byte by byte; one that differs is written again. A folder of another user is refused.
/// </remarks>
internal sealed class PatchedCopyCache(string folder)
{
    /// <summary>The environment variable that moves the folder, e.g. where the home folder is read-only.</summary>
    public const string FolderVariable = "MOFO_NATIVE_CACHE";

    /// <summary>The folder that is used: <c>MOFO_NATIVE_CACHE</c>, else the user's local application data, else a private temporary folder.</summary>
    public static PatchedCopyCache ForUser()
    {
        var set = Environment.GetEnvironmentVariable(FolderVariable);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new PatchedCopyCache(
            !string.IsNullOrEmpty(set) ? set
            : !string.IsNullOrEmpty(data) ? Path.Combine(data, "Mofo.ML", "native")
            : Path.Combine(Path.GetTempPath(), $"Mofo.ML-{Environment.UserName}", "native"));
    }

    /// <summary>Full path of a file with exactly these bytes, in a folder that no other user can write to; writes it unless it is there already.</summary>
    /// <exception cref="IOException">The folder belongs to another user, or cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public string Keep(string fileName, byte[] patched)
    {
        // Several users may share the folder that the variable names; each has a part of its own.
        var own = Path.Combine(folder, PrivateFolder.UserName);
        var ofCopy = Path.Combine(own, Convert.ToHexStringLower(SHA256.HashData(patched))[..32]);
        PrivateFolder.Ensure(own);
        PrivateFolder.Ensure(ofCopy);
        var path = Path.Combine(ofCopy, fileName);
        if (!Holds(path, patched))
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                File.Delete(path); // else what the link leads to would be written
            }

            AtomicFile.Write(path, stream => stream.Write(patched));
        }

        return path;
    }

    private static bool Holds(string path, byte[] bytes)
    {
        // A link could lead out of the folder.
        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null && file.Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);
    }
}
