using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>The dynamic section of a 64-bit little-endian ELF library held in memory: what it needs, and two in-place patches.</summary>
/// <remarks>Layout from the System V ABI, chapter 5 (dynamic section), and the LSB's symbol versioning section.</remarks>
internal sealed class ElfImage
{
    private const int DynamicSegment = 2;
    private const int LoadSegment = 1;
    private const long NeededTag = 1;
    private const long StringTableTag = 5;
    private const long VersionNeedTag = 0x6ffffffe;
    private const long VersionNeedCountTag = 0x6fffffff;

    /// <summary>A tag in the range reserved for the operating system that no loader knows, so it is skipped.</summary>
    private const long IgnoredTag = 0x6000000d;
    private const ushort WeakFlag = 2;

    private readonly Memory<byte> _bytes;
    private readonly List<(long Address, long Offset, long Size)> _segments = [];
    private readonly long _dynamicOffset;
    private readonly long _dynamicSize;

    /// <param name="bytes">The whole file; patches are written into it.</param>
    public ElfImage(Memory<byte> bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || !bytes.Span[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("Not a 64-bit little-endian ELF library.");
        }

        var table = Int64(32);
        int entrySize = UInt16(54), entries = UInt16(56);
        for (var i = 0; i < entries; i++)
        {
            var at = table + ((long)i * entrySize);
            var (type, offset, address, size) = (UInt32(at), Int64(at + 8), Int64(at + 16), Int64(at + 32));
            if (type == LoadSegment)
            {
                _segments.Add((address, offset, size));
            }
            else if (type == DynamicSegment)
            {
                (_dynamicOffset, _dynamicSize) = (offset, size);
            }
        }
    }

    /// <summary>The names of the libraries that this one asks the loader for.</summary>
    public IReadOnlyList<string> Needed => [.. NeededEntries().Select(e => e.Name)];

    /// <summary>The symbol versions asked of a library, e.g. <c>GLIBCXX_3.4.32</c> of <c>libstdc++.so.6</c>, that are not marked weak.</summary>
    public IReadOnlyList<string> StrongVersionsOf(string library) =>
        [.. VersionEntries().Where(e => e.Library == library && (e.Flags & WeakFlag) == 0).Select(e => e.Version)];

    /// <summary>Makes the loader pass over one needed library; its lazily bound functions must never be called then.</summary>
    public void IgnoreNeeded(string library)
    {
        foreach (var entry in NeededEntries().Where(e => e.Name == library))
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.Span[(int)entry.Offset..], IgnoredTag);
        }
    }

    /// <summary>Marks one symbol version as weak: its absence is no longer an error.</summary>
    public void WeakenVersion(string library, string version)
    {
        foreach (var entry in VersionEntries().Where(e => e.Library == library && e.Version == version))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.Span[(int)entry.FlagsOffset..], (ushort)(entry.Flags | WeakFlag));
        }
    }

    private IEnumerable<(long Tag, long Value, long Offset)> DynamicEntries()
    {
        for (var at = _dynamicOffset; at + 16 <= _dynamicOffset + _dynamicSize && Int64(at) != 0; at += 16)
        {
            yield return (Int64(at), Int64(at + 8), at);
        }
    }

    private IEnumerable<(string Name, long Offset)> NeededEntries()
    {
        var strings = StringTable();
        return DynamicEntries().Where(e => e.Tag == NeededTag).Select(e => (Text(strings + e.Value), e.Offset)).ToList();
    }

    private List<(string Library, string Version, ushort Flags, long FlagsOffset)> VersionEntries()
    {
        var found = new List<(string, string, ushort, long)>();
        var entries = DynamicEntries().ToList();
        var count = entries.FirstOrDefault(e => e.Tag == VersionNeedCountTag).Value;
        if (count == 0)
        {
            return found;
        }

        var strings = StringTable();
        var library = FileOffset(entries.First(e => e.Tag == VersionNeedTag).Value);
        for (long i = 0; i < count; i++)
        {
            var version = library + UInt32(library + 8);
            for (int j = 0, versions = UInt16(library + 2); j < versions; j++)
            {
                found.Add((Text(strings + UInt32(library + 4)), Text(strings + UInt32(version + 8)), UInt16(version + 4), version + 4));
                version += UInt32(version + 12);
            }

            library += UInt32(library + 12);
        }

        return found;
    }

    private long StringTable() => FileOffset(DynamicEntries().First(e => e.Tag == StringTableTag).Value);

    private long FileOffset(long address)
    {
        var segment = _segments.First(s => address >= s.Address && address < s.Address + s.Size);
        return address - segment.Address + segment.Offset;
    }

    private string Text(long offset)
    {
        var tail = _bytes.Span[(int)offset..];
        return Encoding.ASCII.GetString(tail[..tail.IndexOf((byte)0)]);
    }

    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.Span[(int)offset..]);

    private uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[(int)offset..]);

    private ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Span[(int)offset..]);
}
