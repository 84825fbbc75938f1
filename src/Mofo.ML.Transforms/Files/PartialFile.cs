using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Mofo.ML.Transforms.Files;

/// <summary>A file that is being written and will be renamed: <c>NAME.MACHINE-NUMBER.partial</c> beside the file that it will become.</summary>
/// <remarks>
/// It is locked for as long as it is written, and the system gives the lock back when the process is killed. So what no process of this machine holds is
/// abandoned. Locks may not reach over the network, so the state of other machines' files is unknown; they count as abandoned an hour after the last change.
/// </remarks>
internal static class PartialFile
{
    private const string Suffix = ".partial";
    private const int Tries = 16;
    private const int MachineDigits = 8;
    private const int NumberDigits = 32; // of a Guid

    /// <summary>No file is written for that long without a change.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private static readonly string Machine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)))[..MachineDigits];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>A new partial file, locked.</summary>
    /// <param name="full">Full path of the file that it will become.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FileStream Create(string full)
    {
        for (var attempt = 1; ; attempt++)
        {
            var partial = NewName(full);
            try
            {
                var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
                if (File.Exists(partial))
                {
                    return stream;
                }

                stream.Dispose(); // another process removed it before it was locked
            }
            catch (IOException) when (attempt < Tries && File.Exists(partial))
            {
                // Another process looks at this moment whether it is abandoned, and removes it.
            }

            if (attempt >= Tries)
            {
                throw new IOException($"'{partial}' cannot be written: something removes it again and again.");
            }
        }
    }

    /// <summary>A name that no file has.</summary>
    public static string NewName(string full) => $"{full}.{Machine}-{Guid.NewGuid():N}{Suffix}";

    /// <summary>Whether a name is one that <see cref="NewName"/> makes, on this machine or another.</summary>
    /// <param name="name">Name of a file, without its folder.</param>
    /// <param name="target">Name of the file that it would become.</param>
    private static bool IsNameFor(string name, string target) =>
        name.Length == target.Length + 1 + MachineDigits + 1 + NumberDigits + Suffix.Length
        && name.StartsWith(target, StringComparison.Ordinal)
        && name.EndsWith(Suffix, StringComparison.Ordinal)
        && name.AsSpan(target.Length, name.Length - target.Length - Suffix.Length) is ['.', .. var numbers]
        && numbers[MachineDigits] == '-'
        && !numbers[..MachineDigits].ContainsAnyExcept(HexDigits)
        && !numbers[(MachineDigits + 1)..].ContainsAnyExcept(HexDigits);

    /// <summary>Removes what killed processes left of the same file.</summary>
    /// <param name="full">Full path of the file.</param>
    /// <param name="now">The time by the clock of the file system.</param>
    public static void RemoveAbandoned(string full, DateTime now)
    {
        try
        {
            // Not a pattern with the name in it: a name may hold what a pattern takes for a wildcard, and "NAME.other.partial" belongs to somebody else.
            var target = Path.GetFileName(full);
            foreach (var file in new DirectoryInfo(Path.GetDirectoryName(full)!).EnumerateFiles("*" + Suffix).Where(file => IsNameFor(file.Name, target)))
            {
                if (file.LastWriteTimeUtc < now - Abandoned)
                {
                    TryDelete(file.FullName);
                }
                else if (file.Name.StartsWith($"{target}.{Machine}-", StringComparison.Ordinal))
                {
                    RemoveUnlessLocked(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file is written; tidying up is the next one's chance.
        }
    }

    /// <summary>Removes a file; it is the reason why it could not be written that matters, not that it could not be removed.</summary>
    public static void TryDelete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one that writes the same file tries again.
        }
    }

    private static void RemoveUnlessLocked(string partial)
    {
        try
        {
            using var held = Lock(partial);
            if (!CanBeLockedTwice(partial))
            {
                TryDelete(partial); // under the lock, so that no process begins to write it meanwhile
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In work.
        }
    }

    /// <summary>Whether the file system has no locks: a held one then says nothing.</summary>
    private static bool CanBeLockedTwice(string partial)
    {
        try
        {
            Lock(partial).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // On Unix only FileShare.None locks; on Windows a file that is not shared for deletion cannot be removed while it is open.
    private static FileStream Lock(string partial) => new(partial, FileMode.Open, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 1);
}
