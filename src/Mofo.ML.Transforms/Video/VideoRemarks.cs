using System.Globalization;
using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video;

/// <summary>What a user should know of a video whose pictures are not quite what they are meant to be.</summary>
internal static class VideoRemarks
{
    private const int Pq = 16;
    private const int Hlg = 18;

    public static IReadOnlyList<string> Of(ContainerFacts container, SequenceHeader? header, ColourTags colours, VideoCodec codec)
    {
        var remarks = new List<string>();
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

        if (container.Alpha)
        {
            remarks.Add("its transparency is ignored");
        }

        return remarks;
    }
}
