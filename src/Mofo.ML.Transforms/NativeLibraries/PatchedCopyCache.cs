using System.Security.Cryptography;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Per-user folder of patched copies of native libraries, keyed by parts of their content.</summary>
/// <remarks>
/// What is loaded from here runs with the user's rights. So the folder of a copy belongs to the user and is closed to all others, and a copy is loaded only
/// after it was compared byte by byte; one that differs is written again. A folder of another user is refused.
/// </remarks>
internal sealed class PatchedCopyCache(string folder)
{
    /// <summary>Bytes at the start and at the end that name the folder of a copy: an ELF library has its build ID, its symbols and its section table there. The comparison is of all bytes.</summary>
    private const int NamingBytes = 1 << 20;

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
    public string Keep(string fileName, ReadOnlyMemory<byte> patched)
    {
        // Several users may share the folder that the variable names; each has a part of its own.
        var own = Path.Combine(folder, PrivateFolder.UserName);
        var ofCopy = Path.Combine(own, NameOf(patched.Span));
        PrivateFolder.Ensure(own);
        PrivateFolder.Ensure(ofCopy);
        var path = Path.Combine(ofCopy, fileName);
        if (!Holds(path, patched.Span))
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                File.Delete(path); // else what the link leads to would be written
            }

            AtomicFile.Write(path, stream => stream.Write(patched.Span));
        }

        return path;
    }

    private static string NameOf(ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes[..Math.Min(NamingBytes, bytes.Length)]);
        hash.AppendData(bytes[Math.Max(0, bytes.Length - NamingBytes)..]);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static bool Holds(string path, ReadOnlySpan<byte> bytes)
    {
        // A link could lead out of the folder.
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null || file.Length != bytes.Length)
        {
            return false;
        }

        using var copy = new MappedFile(path);
        return copy.GetSpan().SequenceEqual(bytes);
    }
}
