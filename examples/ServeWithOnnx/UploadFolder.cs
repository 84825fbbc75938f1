namespace ServeWithOnnx;

/// <summary>A folder of this process's own for uploads, closed to all other users. It is gone with the process; what a killed process left is removed by the next one.</summary>
/// <remarks>Whatever else writes temporary files in this process, the video decoder for one, writes them here too.</remarks>
internal sealed class UploadFolder : IDisposable
{
    private const string Prefix = "mofo-serve-";
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private UploadFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Removes the folders of processes that are gone and makes one for this process.</summary>
    /// <param name="parent">Where; null for the system's folder for temporary files.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static UploadFolder Open(string? parent)
    {
        parent = System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath());
        Directory.CreateDirectory(parent);
        foreach (var old in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            RemoveUnlessInUse(old);
        }

        // A name that cannot be guessed; mode 0700 from the start.
        var path = System.IO.Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
        _ = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folder = new UploadFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", path);
        return folder;
    }

    /// <summary>A file that does not exist yet.</summary>
    public string NewFile() => System.IO.Path.Combine(Path, $"upload-{Guid.NewGuid():N}");

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static void RemoveUnlessInUse(string folder)
    {
        try
        {
            // Held by the process whose folder it is for as long as it lives; the system lets go of it when the process is killed.
            using (new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, being made at this moment, or another user's.
        }
    }
}
