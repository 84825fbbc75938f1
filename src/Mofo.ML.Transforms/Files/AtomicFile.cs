namespace Mofo.ML.Transforms.Files;

/// <summary>Writes a file beside its place and renames it, so that readers see the old file or the new one, never a half.</summary>
/// <remarks>
/// Several processes, also on several machines or in containers with equal process numbers, may write the same file: each writes a file of its own beside it,
/// and the last to rename wins. What a killed process left behind is removed by the next that writes the same file, an hour later at the earliest.
/// </remarks>
internal static class AtomicFile
{
    private const string Suffix = ".partial";

    /// <summary>No file is written for that long without a change.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>; whatever fails, an existing file stays as it was.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var partial = $"{full}.{Guid.NewGuid():N}{Suffix}";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            // By the clock of the file system, which may be another machine's.
            var now = File.GetLastWriteTimeUtc(partial);
            File.Move(partial, full, overwrite: true);
            RemoveAbandoned(folder, Path.GetFileName(full), now - Abandoned);
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void RemoveAbandoned(DirectoryInfo folder, string name, DateTime before)
    {
        try
        {
            foreach (var file in folder.EnumerateFiles($"{name}.*{Suffix}"))
            {
                if (file.LastWriteTimeUtc < before)
                {
                    TryDelete(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file is written; tidying up is the next one's chance.
        }
    }

    private static void TryDelete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is the reason why it could not be written that matters.
        }
    }
}
