using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Number and times of the frames of an mp4 track (stsz, stts and ctts boxes).</summary>
internal sealed class IsoSampleTable
{
    private const int MostRuns = 1 << 22; // A longer table is not read: real ones have a few thousand entries.
    private const int MostTimed = 100_000_000; // Times of more frames are not looked at: that many are beyond every limit in use.
    private readonly (uint Count, int Value)[] _durations;
    private readonly (uint Count, int Value)[] _shifts;

    private IsoSampleTable(int samples, (uint Count, int Value)[] durations, (uint Count, int Value)[] shifts) =>
        (Samples, _durations, _shifts) = (samples, durations, shifts);

    /// <summary>Frames in the file, shown or not.</summary>
    public int Samples { get; }

    /// <summary>Samples of a track by its table (stbl); 0 for none, as in a fragmented file.</summary>
    public static int CountIn(IsoBoxes boxes, IsoBox table) => (boxes.Find(table, "stsz") ?? boxes.Find(table, "stz2")) is { } sizes
        ? (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(boxes.Content(sizes, 12).AsSpan(8)))
        : 0;

    public static IsoSampleTable Of(IsoBoxes boxes, IsoBox table)
    {
        return new(CountIn(boxes, table), Runs(boxes, table, "stts"), Runs(boxes, table, "ctts"));
    }

    /// <summary>Refuses a track that claims far more samples of a fixed size than the file has room for: the decoder would make a list of them all.</summary>
    /// <exception cref="VideoException">The table cannot be true.</exception>
    public static void CheckSize(IsoBoxes boxes, IsoBox track)
    {
        if (boxes.Find(track, "mdia", "minf", "stbl", "stsz") is not { } box)
        {
            return;
        }

        var sizes = boxes.Content(box, 12);
        var (size, count) = (BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4)), BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(8)));

        // Sound in QuickTime may state a size of 1 instead of the true one; a track may also lie in a second file in part.
        if (size > 0 && (Int128)size * count > (4 * (Int128)boxes.FileLength) + (1 << 20))
        {
            throw new VideoException(boxes.Video, Invariant($"damaged: a track lists {count} samples of {size} bytes, the file has {boxes.FileLength} bytes"));
        }
    }

    /// <summary>How many frames a player shows, and whether that is certain.</summary>
    /// <remarks>A frame is shown when its time of display lies in [start, start + duration) of an edit: so FFmpeg decides it.</remarks>
    /// <param name="edits">Empty where all is shown.</param>
    /// <param name="movieScale">Units of the movie in a second.</param>
    /// <param name="mediaScale">Units of the track in a second.</param>
    public (int Frames, bool IsExact) Shown(IReadOnlyList<Edit> edits, long movieScale, long mediaScale)
    {
        if (edits.Count == 0)
        {
            return (Samples, Samples > 0);
        }

        // With several edits, or with one of no length, decoders differ; a broken table says nothing.
        if (edits.Count > 1 || edits[0].Duration <= 0 || movieScale == 0 || mediaScale == 0 || _durations.Length == 0 || Samples > MostTimed)
        {
            return (Samples, false);
        }

        var (start, shown) = (edits[0].Start, 0);
        var end = start + ((Int128)edits[0].Duration * mediaScale * 2 + movieScale) / (2 * movieScale); // rounded to the nearest unit
        foreach (var time in DisplayTimes())
        {
            shown += time >= start && time < end ? 1 : 0;
        }

        return (shown, shown > 0);
    }

    private IEnumerable<long> DisplayTimes()
    {
        var (time, run, inRun, shiftRun, inShift) = (0L, 0, 0u, 0, 0u);
        for (var sample = 0; sample < Samples && run < _durations.Length; sample++)
        {
            yield return time + (shiftRun < _shifts.Length ? _shifts[shiftRun].Value : 0);
            time += (uint)_durations[run].Value;
            if (++inRun >= _durations[run].Count)
            {
                (run, inRun) = (run + 1, 0);
            }

            if (shiftRun < _shifts.Length && ++inShift >= _shifts[shiftRun].Count)
            {
                (shiftRun, inShift) = (shiftRun + 1, 0);
            }
        }
    }

    private static (uint Count, int Value)[] Runs(IsoBoxes boxes, IsoBox table, string type)
    {
        if (boxes.Find(table, type) is not { } box || box.Length > MostRuns * 8L)
        {
            return [];
        }

        var count = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(boxes.Content(box, 8).AsSpan(4)), Math.Max(0, Math.Min(box.End, boxes.FileLength) - box.Start - 8) / 8);
        var bytes = boxes.Content(box, 8 + (count * 8)).AsSpan(8);
        var runs = new (uint Count, int Value)[count];
        for (var i = 0; i < count; i++)
        {
            runs[i] = (BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 8)..]), BinaryPrimitives.ReadInt32BigEndian(bytes[((i * 8) + 4)..]));
        }

        return runs;
    }
}
