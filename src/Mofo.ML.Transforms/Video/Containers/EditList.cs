using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Which part of an mp4 track is shown (elst box): `ffmpeg -c copy` and phones trim with it and leave the other frames in the file.</summary>
/// <param name="Start">In units of the track; -1 for a pause.</param>
/// <param name="Duration">In units of the movie.</param>
internal readonly record struct Edit(long Start, long Duration);

internal static class EditList
{
    private const int MostEdits = 1000;

    /// <summary>The edits that show something; empty where there is no list and all is shown.</summary>
    public static IReadOnlyList<Edit> Of(IsoBoxes boxes, IsoBox track)
    {
        if (boxes.Find(track, "edts", "elst") is not { } list)
        {
            return [];
        }

        var head = boxes.Content(list, 8);
        var wide = head[0] == 1;
        var length = wide ? 20 : 12;
        var count = (int)Math.Min(MostEdits, Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4)), Math.Max(0, list.Length - 8) / length));
        var bytes = boxes.Content(list, 8 + (count * length));
        var edits = new List<Edit>();
        for (var at = 8; at < bytes.Length; at += length)
        {
            var entry = bytes.AsSpan(at);
            var edit = wide
                ? new Edit(BinaryPrimitives.ReadInt64BigEndian(entry[8..]), BinaryPrimitives.ReadInt64BigEndian(entry))
                : new Edit(BinaryPrimitives.ReadInt32BigEndian(entry[4..]), BinaryPrimitives.ReadUInt32BigEndian(entry));
            if (edit.Start >= 0)
            {
                edits.Add(edit);
            }
        }

        return edits;
    }
}
