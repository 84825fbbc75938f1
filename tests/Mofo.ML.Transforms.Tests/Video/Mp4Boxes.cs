using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Finds and changes boxes of a small mp4 file, whose index stands behind the pictures as OpenCV writes it, so that no offset moves.</summary>
internal static class Mp4Boxes
{
    private static readonly string[] Matrices = ["mvhd", "tkhd"];

    /// <summary>A box: its type, four characters, and its content.</summary>
    public static byte[] Box(string type, params byte[][] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, 8 + content.Sum(part => part.Length));
        return [.. size, .. Encoding.Latin1.GetBytes(type), .. content.SelectMany(part => part)];
    }

    /// <summary>Numbers of 32 bits, as boxes have them.</summary>
    public static byte[] Numbers(params int[] values) => [.. values.SelectMany(value =>
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    })];

    /// <summary>Puts the four numbers a, b, c, d (whole ones) into the display matrix of the movie (mvhd) or of its track (tkhd).</summary>
    public static byte[] WithMatrix(byte[] file, string box, int a, int b, int c, int d)
    {
        Assert.Contains(box, Matrices);
        var changed = (byte[])file.Clone();
        const int One = 1 << 16;
        var at = Find(file, box == "mvhd" ? ["moov", "mvhd"] : ["moov", "trak", "tkhd"]).Start + (box == "mvhd" ? 36 : 40);
        Assert.Equal(0, file[Find(file, box == "mvhd" ? ["moov", "mvhd"] : ["moov", "trak", "tkhd"]).Start]);
        Numbers(a * One, b * One, 0, c * One, d * One, 0, 0, 0, 1 << 30).CopyTo(changed, at);
        return changed;
    }

    /// <summary>Replaces the edit list: pairs of a duration in movie units and a start in media units, -1 for a pause.</summary>
    public static byte[] WithEdits(byte[] file, params (int Duration, int Start)[] edits)
    {
        var list = Box("edts", Box("elst", Numbers([0, edits.Length, .. edits.SelectMany(edit => (int[])[edit.Duration, edit.Start, 1 << 16])])));
        var track = Find(file, "moov", "trak");
        var old = TryFind(file, "moov", "trak", "edts");
        var without = old is { } box ? Splice(file, box.Head, box.End, [], "moov", "trak") : file;
        return Splice(without, Find(without, "moov", "trak", "mdia").Head, Find(without, "moov", "trak", "mdia").Head, list, "moov", "trak");
    }

    /// <summary>Adds a box at the end of the sample entry of the first track.</summary>
    public static byte[] WithSampleEntryPart(byte[] file, byte[] part)
    {
        var descriptions = Find(file, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        var entry = descriptions.Start + 8;
        var changed = Splice(file, descriptions.End, descriptions.End, part, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        Grow(changed, entry, part.Length);
        return changed;
    }

    /// <summary>Adds another sample entry behind the first one.</summary>
    public static byte[] WithSecondSampleEntry(byte[] file, byte[] entry)
    {
        var descriptions = Find(file, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        var changed = Splice(file, descriptions.End, descriptions.End, entry, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        Numbers(2).CopyTo(changed, descriptions.Start + 4);
        return changed;
    }

    /// <summary>Adds a box in front of the first track, as taggers place cover art.</summary>
    public static byte[] WithBoxBeforeTrack(byte[] file, byte[] box) => Splice(file, Find(file, "moov", "trak").Head, Find(file, "moov", "trak").Head, box, "moov");

    public static (int Head, int Start, int End) Find(byte[] file, params string[] path) => TryFind(file, path) ?? throw new InvalidDataException($"no {string.Join('/', path)}");

    public static int Number(byte[] file, int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));

    private static (int Head, int Start, int End)? TryFind(byte[] file, params string[] path)
    {
        var (start, end) = (0, file.Length);
        (int Head, int Start, int End)? found = null;
        foreach (var type in path)
        {
            found = null;
            for (var at = start; at + 8 <= end && found is null; at += Number(file, at))
            {
                found = Encoding.Latin1.GetString(file, at + 4, 4) == type ? (at, at + 8, at + Number(file, at)) : null;
            }

            if (found is not { } box)
            {
                return null;
            }

            (start, end) = (box.Start, box.End);
        }

        return found;
    }

    /// <summary>Replaces bytes and corrects the sizes of the boxes around them.</summary>
    private static byte[] Splice(byte[] file, int from, int to, byte[] with, params string[] parents)
    {
        byte[] changed = [.. file[..from], .. with, .. file[to..]];
        for (var depth = 1; depth <= parents.Length; depth++)
        {
            Grow(changed, Find(file, parents[..depth]).Head, with.Length - (to - from));
        }

        return changed;
    }

    private static void Grow(byte[] file, int head, int by) => BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(head), Number(file, head) + by);
}
