using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>The index of an mp4 or mov file (moov): picks the first video track and puts together what it says.</summary>
internal static class IsoMovie
{
    public static ContainerFacts Read(IsoBoxes boxes, IsoBox moov, bool fragments)
    {
        var facts = new ContainerFacts(ContainerKind.IsoMedia);
        var (scale, matrix) = (1L, DisplayMatrix.Identity);
        var covers = new List<long>();
        var tracks = new List<IsoBox>();
        foreach (var box in boxes.In(moov))
        {
            if (box.Type == "trak")
            {
                IsoSampleTable.CheckSize(boxes, box);
            }

            switch (box.Type)
            {
                case "mvhd":
                    (scale, matrix) = ReadHeader(boxes, box);
                    break;
                case "mvex":
                    fragments = true;
                    break;
                case "udta":
                case "meta":
                    covers.AddRange(CoverArt.Positions(boxes, box));
                    break;
                case "cmov":
                    return facts; // A compressed index: only the decoder reads it.
                case "trak" when IsVideo(boxes, box):
                    tracks.Add(box);
                    break;
                default:
                    break;
            }
        }

        if (tracks.Count == 0)
        {
            return facts with { Problem = "it has no video track" };
        }

        // A track of one picture in front of the video is a cover that was added as a track.
        var video = Math.Max(0, tracks.FindIndex(track => !IsStill(boxes, track)));
        covers.AddRange(tracks.Take(video).Select(track => track.TypeAt));
        var others = tracks.Skip(video + 1).Count(track => !IsStill(boxes, track));
        return IsoTrack.Read(boxes, tracks[video], scale, matrix, fragments) with { CoverArtFirst = [.. covers.Where(at => at < tracks[video].Head)], Remarks = VideoRemarks.OfTracks(1 + others) };
    }

    private static bool IsStill(IsoBoxes boxes, IsoBox track) =>
        boxes.Find(track, "mdia", "minf", "stbl") is { } table && IsoSampleTable.CountIn(boxes, table) == 1;

    private static bool IsVideo(IsoBoxes boxes, IsoBox track) =>
        boxes.Find(track, "mdia", "hdlr") is { } handler && boxes.Content(handler, 12).AsSpan(8).SequenceEqual("vide"u8);

    private static (long Scale, DisplayMatrix Matrix) ReadHeader(IsoBoxes boxes, IsoBox box)
    {
        var bytes = boxes.Content(box, 84);
        var wide = bytes[0] == 1; // version 1 has 64-bit times
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(wide ? 20 : 12)), DisplayMatrix.Of(bytes.AsSpan(wide ? 48 : 36)));
    }
}
