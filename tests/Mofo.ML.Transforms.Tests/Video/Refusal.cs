using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Why a file is not opened.</summary>
internal static class Refusal
{
    public static string Refused(string path, VideoLimits? limits = null) => Assert.Throws<VideoException>(() => FrameReader.Open(path, new VideoReading(limits))).Message;
}
