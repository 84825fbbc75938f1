namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>mp4, mov and 3gp: whether the file is whole, and what its index says of the first video track.</summary>
internal static class IsoMedia
{
    // Losing one of these loses pictures or the index; all others may be cut off without harm.
    private static readonly string[] Needed = ["moov", "mdat", "moof"];

    /// <exception cref="VideoException">Truncated, or made to keep its reader busy.</exception>
    public static ContainerFacts Read(string video, Stream file, Action checkCancelled)
    {
        var boxes = new IsoBoxes(file, video, checkCancelled);
        IsoBox? index = null;
        var (media, fragments, indices) = (false, false, 0);
        foreach (var box in boxes.Between(0, file.Length))
        {
            if (box.End > file.Length)
            {
                CheckLength(video, file.Length, box, whole: index is not null && (media || fragments));
                if (box.Type != "mdat")
                {
                    break;
                }
            }

            index ??= box.Type == "moov" ? box : null;
            indices += box.Type == "moov" ? 1 : 0;
            media |= box.Type == "mdat";
            fragments |= box.Type == "moof";
        }

        if (index is not { } moov)
        {
            return new ContainerFacts(ContainerKind.IsoMedia) { DeclaresLength = true, Problem = "it has no index (moov box), as a recording that was cut off has none" };
        }

        var facts = IsoMovie.Read(boxes, moov, fragments);
        IReadOnlyList<string> remarks = indices > 1 ? [.. facts.Remarks, Invariant($"it is {indices} mp4 files joined into one, of which the first alone is read")] : facts.Remarks;
        return facts with { DeclaresLength = true, Remarks = remarks };
    }

    /// <summary>Cameras write bytes of their own after the last box; those are no boxes and may claim any length.</summary>
    private static void CheckLength(string video, long found, IsoBox last, bool whole)
    {
        if (whole && !Needed.Contains(last.Type, StringComparer.Ordinal))
        {
            return;
        }

        DeclaredLength.Check(video, found, last.End);
    }
}
