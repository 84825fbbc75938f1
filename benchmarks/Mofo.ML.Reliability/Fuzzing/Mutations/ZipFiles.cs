using System.IO.Compression;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Takes zip files apart and puts them together again, so that mutation reaches what lies inside, past the checksums.</summary>
internal static class ZipFiles
{
    /// <summary>Names and content; null where the input is no zip file (any more).</summary>
    public static List<(string Name, byte[] Bytes)>? TryRead(byte[] zip)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip));
            var entries = new List<(string, byte[])>(archive.Entries.Count);
            foreach (var entry in archive.Entries.Where(entry => entry.FullName.Length > 0))
            {
                using var stream = entry.Open();
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                entries.Add((entry.FullName, memory.ToArray()));
            }

            return entries;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    public static byte[] Write(IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    /// <summary>A mutation of one entry's content.</summary>
    /// <param name="inside">By the name of the entry.</param>
    /// <param name="repair">Makes what belongs to the entry fit again, such as a hash; null for nothing.</param>
    public static Mutation Inside(Func<string, IReadOnlyList<Mutation>> inside, Action<List<(string Name, byte[] Bytes)>, int>? repair = null) => (input, draw) =>
    {
        if (TryRead(input) is not { Count: > 0 } entries)
        {
            return input;
        }

        var chosen = draw.Below(entries.Count);
        var (name, bytes) = entries[chosen];
        if (bytes.Length > 0)
        {
            entries[chosen] = (name, draw.Of(inside(name))(bytes, draw));
            repair?.Invoke(entries, chosen);
        }

        return Write(entries);
    };

    /// <summary>Removes, doubles, empties or renames an entry.</summary>
    public static byte[] Rearrange(byte[] input, Draw draw)
    {
        if (TryRead(input) is not { Count: > 0 } entries)
        {
            return input;
        }

        var chosen = draw.Below(entries.Count);
        var (name, bytes) = entries[chosen];
        switch (draw.Below(5))
        {
            case 0:
                entries.RemoveAt(chosen);
                break;
            case 1:
                entries.Add((name, bytes));
                break;
            case 2:
                entries[chosen] = (name, []);
                break;
            case 3:
                entries[chosen] = (draw.Of(entries).Name, bytes);
                break;
            default:
                entries[chosen] = (name, draw.Of(entries).Bytes);
                break;
        }

        return Write(entries);
    }
}
