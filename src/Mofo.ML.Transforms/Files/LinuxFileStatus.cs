using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.Files;

/// <summary>What Linux knows about a file and .NET does not tell: its owner and its kind. The kernel's struct statx, the same on every architecture; see statx(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal partial struct LinuxFileStatus
{
    /// <summary>The number of the user that the file belongs to.</summary>
    [FieldOffset(20)]
    public uint Owner;

    [FieldOffset(28)]
    private ushort _mode;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const int DoNotFollowLinks = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint KindAndOwner = 0x1 | 0x8; // STATX_TYPE, STATX_UID
    private const int KindMask = 0xF000; // S_IFMT
    private const int Folder = 0x4000; // S_IFDIR
    private const int Regular = 0x8000; // S_IFREG

    /// <summary>Whether it is neither a file with contents nor a folder: a device, a pipe or a socket.</summary>
    public readonly bool IsSpecial => (_mode & KindMask) is not (Regular or Folder);

    /// <summary>Asks the system.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLinks">Whether it is asked about what a link leads to, or about the link.</param>
    /// <param name="status">The answer.</param>
    /// <returns>0, or the number of the error.</returns>
    /// <exception cref="EntryPointNotFoundException">The C library is older than glibc 2.28.</exception>
    public static int Read(string path, bool followLinks, out LinuxFileStatus status) =>
        Status(CurrentFolder, path, followLinks ? 0 : DoNotFollowLinks, KindAndOwner, out status) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, out LinuxFileStatus status);
}
