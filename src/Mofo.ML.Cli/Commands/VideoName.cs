using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Short names of videos and of parts of videos.</summary>
internal static class VideoName
{
    /// <summary>The file name without its ending, and which part where it is one: <c>long#t=12.5,15</c>.</summary>
    public static string Stem(string address)
    {
        var video = VideoSegment.Of(address);
        return Path.GetFileNameWithoutExtension(video.VideoPath) + video.Fragment;
    }

    /// <summary>The same for the name of a file, which shells and browsers should not misread: <c>long-t-12.5-15</c>.</summary>
    public static string FileStem(string address)
    {
        var video = VideoSegment.Of(address);
        return Path.GetFileNameWithoutExtension(video.VideoPath) + video.Fragment.Replace('#', '-').Replace('=', '-').Replace(',', '-');
    }
}
