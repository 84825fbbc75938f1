namespace Mofo.ML.Trainers.Environments;

/// <summary>Memory and folders of the machine.</summary>
internal static class MachineTrials
{
    /// <summary>Below this, the presets of the paper do not train and libtorch alone takes a good part.</summary>
    private const long LeastMemory = 2L << 30;

    /// <summary>Uploads, copies of videos without an index, and image folders of camera frames lie there.</summary>
    private const long LeastFreeSpace = 1L << 30;

    public static EnvironmentFinding Memory()
    {
        var bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new("Memory", Size(bytes), bytes >= LeastMemory ? null : "Less than 2 GiB can be used: train only the small presets (--model micro), with a small batch.", IsOptional: true);
    }

    /// <summary>Whether a folder can be written to, and how much place is left.</summary>
    public static EnvironmentFinding Folder(string name, string folder)
    {
        try
        {
            var trial = Path.Combine(folder, $"mofo-{Guid.NewGuid():N}");
            using (new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
            return new(name, $"{folder}, {Size(free)} free", free >= LeastFreeSpace ? null : $"Little space is left in {folder}. Set TMPDIR to another folder, or remove files.", IsOptional: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException)
        {
            return new(name, folder, $"It cannot be written to ({e.Message.TrimEnd('.')}). Set TMPDIR to a folder that can.");
        }
    }

    private static string Size(long bytes) => Invariant($"{bytes / (double)(1L << 30):0.0} GiB");
}
