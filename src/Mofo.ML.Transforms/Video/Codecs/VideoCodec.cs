namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>What is known of a codec by the four characters that OpenCV gives for it.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="ReadHeader">Reads the header in front of the packet's pictures; null for codecs whose size cannot change, or is not looked at.</param>
/// <param name="FollowsTags">Whether the colour tags of stream and container mean its pixels; false for RGB and for what is BT.601 by definition.</param>
internal sealed record VideoCodec(string Name, HeaderReader? ReadHeader, bool FollowsTags)
{
    /// <summary>Whether pictures that depend on others may have a size of their own.</summary>
    public bool SizeInAnyPacket { get; init; }

    /// <summary>
    /// Whether FFmpeg's decoder gives values of the full range (0 to 255) a format of pixels of their own, yuvj420p and the like, by which OpenCV knows them. There are such formats for 8 bits only.
    /// </summary>
    public bool TellsFullRange { get; init; }

    /// <summary>Whether nothing is known of its pixels, which may be RGB: then tags are not followed, and a remark says so.</summary>
    public bool IsUnknown { get; init; }

    private static readonly Dictionary<string, VideoCodec> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["h264"] = new("H.264", H264Sequence.Of, true) { TellsFullRange = true },
        ["hevc"] = new("HEVC", HevcSequence.Of, true) { TellsFullRange = true },
        ["VP80"] = new("VP8", VpxFrame.Vp8, false),
        ["VP90"] = new("VP9", VpxFrame.Vp9, true) { SizeInAnyPacket = true },
        ["mpg1"] = new("MPEG-1", MpegSequence.Of, false),
        ["mpg2"] = new("MPEG-2", MpegSequence.Of, true),
        ["FMP4"] = new("MPEG-4 part 2", MpegSequence.OfMpeg4, true),
        ["MJPG"] = new("Motion JPEG", JpegFrame.Of, false),
        ["apch"] = new("ProRes", IntraFrame.ProRes, true),
        ["AVdn"] = new("DNxHD", IntraFrame.Dnxhd, true),
        ["h263"] = new("H.263", H263Picture.Of, false),
        ["flv1"] = new("Sorenson H.263", H263Picture.OfSorenson, false),
        ["MPNG"] = new("PNG", IntraFrame.Picture, false),
    };

    // Names in containers of codecs that this FFmpeg does not open at all, so that OpenCV cannot give their four characters.
    private static readonly Dictionary<string, string> Unsupported = new(StringComparer.OrdinalIgnoreCase)
    {
        ["av01"] = "AV1",
        ["V_AV1"] = "AV1",
        ["vvc1"] = "VVC (H.266)",
        ["vvi1"] = "VVC (H.266)",
        ["evc1"] = "EVC",
        ["lvc1"] = "LCEVC",
        ["apv1"] = "APV",
        ["webp"] = "animated WebP",
    };

    /// <summary>By four characters; one without a reader and with the characters as name where they are not known.</summary>
    public static VideoCodec Of(string fourCC) => Known.TryGetValue(fourCC.TrimEnd('\0', ' '), out var codec) ? codec : new(fourCC.TrimEnd('\0', ' '), null, false) { IsUnknown = true };

    /// <summary>What to say of a file whose pictures do not decode, where the codec explains it; else null.</summary>
    /// <param name="codec">As the container or OpenCV names it.</param>
    public static string? Undecodable(string? codec)
    {
        var code = codec?.Trim('\0', ' ') ?? "";
        return code is "encv" or "drmi" ? "its pictures are encrypted"
            : Unsupported.TryGetValue(code, out var name) ? $"its codec is {name}, for which this build of OpenCV has no decoder; convert it: ffmpeg -i FILE -c:v libx264 -crf 18 OUT.mp4"
            : null;
    }
}

/// <summary>Reads the header that a packet begins with; null where it has none.</summary>
internal delegate SequenceHeader? HeaderReader(ReadOnlySpan<byte> packet);
