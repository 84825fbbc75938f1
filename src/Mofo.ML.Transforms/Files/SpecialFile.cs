namespace Mofo.ML.Transforms.Files;

/// <summary>Devices and pipes: they are written into, not replaced.</summary>
internal static class SpecialFile
{
    /// <summary>Whether something that cannot be replaced by another file lies there.</summary>
    /// <param name="path">The path as it was given.</param>
    /// <param name="target">What it leads to; see <see cref="LinkedPath"/>.</param>
    public static bool Is(string path, string target)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                // A link that the system can follow though its text names no file: /dev/stdout, where the output is a pipe or a file that was removed.
                return LinuxFileStatus.Read(path, followLinks: true, out var status) == 0 && (status.IsSpecial || !Path.Exists(target));
            }
            catch (EntryPointNotFoundException)
            {
                // An old C library: the place decides.
            }
        }

        return !OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(path);
    }

    /// <summary>Writes into what lies there; only once all of it was made, so that a failure before that leaves nothing behind.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var whole = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose };
        using var made = new FileStream(PartialFile.NewName(Path.Combine(Path.GetTempPath(), "mofo")), whole);
        write(made);
        made.Position = 0;
        using var target = new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        made.CopyTo(target);
    }
}
