using System.Globalization;
using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video;

/// <summary>What a user should know of a video whose pictures are not quite what they are meant to be.</summary>
internal static class VideoRemarks
{
    private const int Pq = 16;
    private const int Hlg = 18;

    /// <summary>A remark on a file with several tracks of video, of which OpenCV gives the first.</summary>
    public static IReadOnlyList<string> OfTracks(int videos) => videos > 1 ? [Invariant($"only the first of its {videos} video tracks is read")] : [];

    public static IReadOnlyList<string> Of(ContainerFacts container, SequenceHeader? header, ColourTags colours, VideoCodec codec)
    {
        var remarks = new List<string>(container.Remarks);
        if (container.Interlaced || header?.Interlaced == true)
        {
            remarks.Add(
                "it may be interlaced (each picture woven from two moments), so that moving edges show combs and motion boxes may come out larger; "
                + "deinterlace it: ffmpeg -i FILE -vf bwdif -c:v libx264 -crf 18 OUT.mp4");
        }

        if (colours.Transfer is Pq or Hlg)
        {
            remarks.Add($"it is HDR ({(colours.Transfer == Pq ? "PQ" : "HLG")}); its values are taken as they are stored, without tone mapping, and look flat");
        }

        if (codec.FollowsTags && !ColourConversion.Knows(colours.Matrix))
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"its colours are coded with matrix {colours.Matrix} (H.273), which is read as BT.601"));
        }

        if (codec.IsUnknown && colours.Matrix is not (ColourConversion.Rgb or ColourConversion.Unspecified) && (colours.FullRange == true || !ColourConversion.IsOpenCvs(colours.Matrix)))
        {
            remarks.Add($"its tags ask for other colours than BT.601 of limited range, which is what videos of the codec '{codec.Name}' are read as");
        }

        if (container.Alpha)
        {
            remarks.Add("its transparency is ignored");
        }

        return remarks;
    }
}
