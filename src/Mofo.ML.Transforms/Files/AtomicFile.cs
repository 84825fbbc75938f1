namespace Mofo.ML.Transforms.Files;

/// <summary>Writes a file beside its place and renames it, so that readers see the old file or the new one, never a half.</summary>
/// <remarks>
/// Several processes, also on several machines or in containers with equal process numbers, may write the same file: each writes a file of its own beside it,
/// and the last to rename wins. What a killed process left behind is removed by the next that writes the same file; see <see cref="PartialFile"/>.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>; whatever fails, an existing file stays as it was.</summary>
    /// <remarks>What a symbolic link leads to is replaced, not the link. A device or a pipe is written into.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        var full = LinkedPath.Target(path);
        if (SpecialFile.Is(path, full))
        {
            SpecialFile.Write(path, write);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var stream = PartialFile.Create(full);
        var partial = stream.Name;
        DateTime now;
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                now = File.GetLastWriteTimeUtc(partial); // by the clock of the file system, which may be another machine's
                if (!OperatingSystem.IsWindows())
                {
                    File.Move(partial, full, overwrite: true); // while the lock is held; Windows moves no open file
                }
            }

            if (OperatingSystem.IsWindows())
            {
                File.Move(partial, full, overwrite: true);
            }
        }
        catch
        {
            PartialFile.TryDelete(partial);
            throw;
        }

        PartialFile.RemoveAbandoned(full, now);
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
