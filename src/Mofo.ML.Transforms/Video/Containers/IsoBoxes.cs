using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>One box: its four-character type and where its content lies in the file.</summary>
internal readonly record struct IsoBox(string Type, long Head, long Start, long End)
{
    /// <summary>Where its type lies, behind the four bytes of its length.</summary>
    public long TypeAt => Head + 4;

    public long Length => End - Start;
}

/// <summary>Walks over the boxes of an mp4 or mov file without reading their content (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="file">The file, which can seek.</param>
/// <param name="video">Path for messages.</param>
/// <param name="checkCancelled">Called now and then; may throw.</param>
internal sealed class IsoBoxes(Stream file, string video, Action checkCancelled)
{
    private const int ManyBoxes = 10_000;
    private const int LeastMeanLength = 100; // A fragment of one frame, its moof and its mdat, has several hundred bytes.
    private long _boxes;
    private long _bytes;

    public long FileLength => file.Length;

    public string Video => video;

    /// <summary>The boxes from one offset to another. A box that reaches beyond is given as it declares itself, and is the last; what is shorter than its own head ends the walk.</summary>
    public IEnumerable<IsoBox> Between(long start, long end)
    {
        var head = new byte[16];
        for (var at = start; end - at >= 8;)
        {
            Read(at, head.AsSpan(0, 8));
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            var headLength = 8;
            if (size == 1 && end - at >= 16)
            {
                Read(at, head);
                (size, headLength) = (BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8)), 16);
            }
            else if (size == 0)
            {
                size = end - at; // to the end
            }

            if (size < headLength || size > long.MaxValue - at)
            {
                yield break;
            }

            Count(size);
            var box = new IsoBox(Encoding.Latin1.GetString(head.AsSpan(4, 4)), at, at + headLength, at + size);
            yield return box;
            at = box.End;
        }
    }

    public IEnumerable<IsoBox> In(IsoBox parent, int skip = 0) => Between(parent.Start + skip, Math.Min(parent.End, file.Length));

    /// <summary>The first box of a type directly inside another.</summary>
    public IsoBox? Find(IsoBox parent, params ReadOnlySpan<string> path)
    {
        foreach (var type in path)
        {
            IsoBox? found = null;
            foreach (var child in In(parent))
            {
                if (child.Type == type)
                {
                    found = child;
                    break;
                }
            }

            if (found is not { } next)
            {
                return null;
            }

            parent = next;
        }

        return parent;
    }

    /// <summary>The first bytes of a box's content, zeros where it is shorter.</summary>
    public byte[] Content(IsoBox box, int length)
    {
        var bytes = new byte[length];
        Read(box.Start, bytes.AsSpan(0, (int)Math.Min(length, Math.Max(0, Math.Min(box.End, file.Length) - box.Start))));
        return bytes;
    }

    public void Read(long at, Span<byte> bytes)
    {
        file.Position = at;
        _ = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
    }

    private void Count(long size)
    {
        _boxes++;
        _bytes += size;
        if (_boxes % 1024 == 0)
        {
            checkCancelled();
        }

        if (_boxes > ManyBoxes && _bytes / _boxes < LeastMeanLength)
        {
            throw new VideoException(video, Invariant($"it consists of empty boxes: {_boxes} of them were found within {_bytes} bytes, as in no real video"));
        }
    }
}
