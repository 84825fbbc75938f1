namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Finds cover art in the tags of an mp4 file. FFmpeg makes a stream of each, in the order of the file; OpenCV takes the first stream with pictures.</summary>
internal static class CoverArt
{
    /// <summary>Offsets of the four bytes 'covr' inside a udta or meta box.</summary>
    public static IEnumerable<long> Positions(IsoBoxes boxes, IsoBox box)
    {
        foreach (var meta in box.Type == "meta" ? [box] : boxes.In(box).Where(child => child.Type == "meta").ToList())
        {
            // In mp4 a meta box has 4 bytes of version in front of its children, in QuickTime it has none.
            var skip = boxes.Content(meta, 8).AsSpan(4, 4).SequenceEqual("hdlr"u8) ? 0 : 4;
            foreach (var list in boxes.In(meta, skip).Where(child => child.Type == "ilst").ToList())
            {
                foreach (var item in boxes.In(list).Where(child => child.Type == "covr"))
                {
                    yield return item.TypeAt;
                }
            }
        }
    }
}
