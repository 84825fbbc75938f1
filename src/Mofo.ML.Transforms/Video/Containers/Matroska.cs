namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>mkv and webm: whether the file is whole, and what the first video track says (RFC 9559).</summary>
internal static class Matroska
{
    private const uint Segment = 0x18538067;
    private const uint Tracks = 0x1654AE6B;
    private const uint Cluster = 0x1F43B675;
    private const uint TrackEntry = 0xAE;
    private const uint TrackType = 0x83;
    private const uint CodecId = 0x86;
    private const uint VideoElement = 0xE0;

    /// <exception cref="VideoException">Truncated, or made to keep its reader busy.</exception>
    public static ContainerFacts Read(string video, Stream file, Action checkCancelled)
    {
        var elements = new EbmlElements(file, video, checkCancelled);
        var facts = new ContainerFacts(ContainerKind.Matroska);
        foreach (var top in elements.Between(0, file.Length))
        {
            if (top.Id != Segment)
            {
                continue;
            }

            DeclaredLength.Check(video, file.Length, top.End ?? 0);
            return FirstTrack(elements, top, facts with { DeclaresLength = top.End is not null });
        }

        return facts;
    }

    private static ContainerFacts FirstTrack(EbmlElements elements, EbmlElement segment, ContainerFacts facts)
    {
        foreach (var part in elements.In(segment))
        {
            if (part.Id == Cluster)
            {
                break;
            }

            if (part.Id != Tracks)
            {
                continue;
            }

            var videos = elements.In(part).Where(element => element.Id == TrackEntry).Select(track => ReadTrack(elements, track, facts)).OfType<ContainerFacts>().ToList();
            return videos.Count == 0 ? facts with { Problem = "it has no video track" } : videos[0] with { Remarks = VideoRemarks.OfTracks(videos.Count) };
        }

        return facts;
    }

    private static ContainerFacts? ReadTrack(EbmlElements elements, EbmlElement track, ContainerFacts facts)
    {
        var isVideo = false;
        foreach (var element in elements.In(track))
        {
            switch (element.Id)
            {
                case TrackType:
                    isVideo = elements.Number(element) == 1;
                    break;
                case CodecId:
                    facts = facts with { Codec = elements.Text(element) };
                    break;
                case VideoElement:
                    facts = MatroskaVideo.Read(elements, element, facts);
                    break;
                default:
                    break;
            }
        }

        return isVideo ? facts : null;
    }
}
