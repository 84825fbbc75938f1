using System.Globalization;
using System.Runtime.InteropServices;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Folders that belong to the user of this process and are closed to all others (mode 0700).</summary>
/// <remarks>Linux only: the one system whose libraries are patched.</remarks>
internal static partial class PrivateFolder
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The part of a shared folder that belongs to this user: by number, which the system itself goes by.</summary>
    public static string UserName => OperatingSystem.IsLinux() ? GetUser().ToString(CultureInfo.InvariantCulture) : Environment.UserName;

    /// <summary>Makes the folder, or closes the one that is there.</summary>
    /// <exception cref="IOException">It is a link, or it belongs to another user.</exception>
    public static void Ensure(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            _ = Directory.CreateDirectory(path);
            return;
        }

        var folder = Directory.CreateDirectory(path, Closed);
        if (folder.LinkTarget is not null)
        {
            throw new IOException($"'{path}' is a link; native libraries are kept in a folder of this user's own only.");
        }

        if (OwnerOf(path) is var owner && owner != GetUser())
        {
            throw new IOException(Invariant($"'{path}' belongs to another user (number {owner}), who could put a library of theirs there."));
        }

        if (folder.UnixFileMode != Closed)
        {
            folder.UnixFileMode = Closed;
        }
    }

    private static uint OwnerOf(string path)
    {
        try
        {
            return LinuxFileStatus.Read(path, followLinks: false, out var status) is var error && error == 0
                ? status.Owner
                : throw new IOException(Invariant($"The owner of '{path}' cannot be found out (error {error})."));
        }
        catch (EntryPointNotFoundException e)
        {
            throw new IOException($"The owner of '{path}' cannot be found out: this C library is older than glibc 2.28.", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetUser();
}
