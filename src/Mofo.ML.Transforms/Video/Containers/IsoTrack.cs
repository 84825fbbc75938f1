using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>One video track of an mp4 or mov file: size, codec, colours, orientation, number of frames.</summary>
internal static class IsoTrack
{
    private const int SampleEntryHead = 86; // box head, reserved bytes, size, resolution, name of the encoder, depth

    public static ContainerFacts Read(IsoBoxes boxes, IsoBox track, long movieScale, DisplayMatrix movieMatrix, bool fragments)
    {
        var facts = new ContainerFacts(ContainerKind.IsoMedia) { Orientation = Orientation(boxes, track, movieMatrix) };
        if (boxes.Find(track, "mdia", "minf", "stbl") is not { } table)
        {
            return facts;
        }

        if (boxes.Find(table, "stsd") is { } descriptions)
        {
            facts = Describe(boxes, descriptions, facts);
        }

        var shown = IsoSampleTable.Of(boxes, table).Shown(EditList.Of(boxes, track), movieScale, MediaScale(boxes, track));
        return facts with { ListedFrames = fragments ? null : shown.Frames, CountIsExact = shown.IsExact && !fragments };
    }

    private static PictureOrientation Orientation(IsoBoxes boxes, IsoBox track, DisplayMatrix movie)
    {
        if (boxes.Find(track, "tkhd") is not { } header)
        {
            return PictureOrientation.AsCoded;
        }

        var bytes = boxes.Content(header, 88);
        return (DisplayMatrix.Of(bytes.AsSpan(bytes[0] == 1 ? 52 : 40)) * movie).Orientation;
    }

    private static long MediaScale(IsoBoxes boxes, IsoBox track)
    {
        if (boxes.Find(track, "mdia", "mdhd") is not { } header)
        {
            return 0;
        }

        var bytes = boxes.Content(header, 24);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes[0] == 1 ? 20 : 12));
    }

    private static ContainerFacts Describe(IsoBoxes boxes, IsoBox descriptions, ContainerFacts facts)
    {
        var first = true;
        foreach (var entry in boxes.In(descriptions, skip: 8))
        {
            var bytes = boxes.Content(entry with { Start = entry.Head }, SampleEntryHead);
            var size = (BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(32)), BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(34)));
            if (!first)
            {
                return size == facts.Size ? facts : facts with { OtherSize = size };
            }

            first = false;
            facts = facts with { Size = size, Codec = Encoding.Latin1.GetString(bytes.AsSpan(4, 4)) };
            foreach (var part in boxes.In(entry with { Start = entry.Head }, SampleEntryHead))
            {
                facts = part.Type switch
                {
                    "colr" => facts with { Colours = Colours(boxes.Content(part, 11)) ?? facts.Colours },
                    "fiel" => facts with { Interlaced = boxes.Content(part, 1)[0] == 2 },
                    _ => facts,
                };
            }
        }

        return facts;
    }

    // 'nclx' of mp4 has the range behind the three numbers, 'nclc' of QuickTime ends with them. ICC profiles are for pictures.
    private static ColourTags? Colours(ReadOnlySpan<byte> colr)
    {
        var range = colr[..4].SequenceEqual("nclx"u8);
        return range || colr[..4].SequenceEqual("nclc"u8)
            ? new(BinaryPrimitives.ReadUInt16BigEndian(colr[6..]), BinaryPrimitives.ReadUInt16BigEndian(colr[8..]), range ? colr[10] >= 0x80 : null)
            : null;
    }
}
