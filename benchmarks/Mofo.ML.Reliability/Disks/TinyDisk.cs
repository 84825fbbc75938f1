using Mofo.ML.Reliability.Processes;

namespace Mofo.ML.Reliability.Disks;

/// <summary>A file system of a few MiB in memory, for as long as it is needed. Mounting takes Linux and root.</summary>
internal sealed class TinyDisk : IDisposable
{
    private TinyDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null, with the reason, where this system or user may not.</summary>
    public static TinyDisk? TryMount(string path, int kilobytes, out string reason)
    {
        Directory.CreateDirectory(path);
        reason = "mounting a file system takes Linux";
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var run = SystemCommand.Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={kilobytes}k,mode=0700"), "mofo-tiny", path);
        reason = $"it cannot be mounted: {run.Errors.Trim()}";
        return run.ExitCode == 0 ? new TinyDisk(path) : null;
    }

    /// <summary>From now on nothing can be written to it.</summary>
    public void MakeReadOnly()
    {
        var run = SystemCommand.Run("mount", "-o", "remount,ro", Path);
        if (run.ExitCode != 0)
        {
            throw new IOException(run.Errors.Trim());
        }
    }

    /// <summary>Fills it up but for so many bytes; again, where something has been deleted since.</summary>
    public void FillUpTo(long free)
    {
        var left = new DriveInfo(Path).AvailableFreeSpace - free;
        if (left > 0)
        {
            File.AppendAllBytes(System.IO.Path.Combine(Path, "filler"), new byte[left]);
        }
    }

    public void Dispose()
    {
        _ = SystemCommand.Run("umount", "-l", Path);
        Directory.Delete(Path);
    }
}
