using System.Diagnostics.Metrics;

namespace Mofo.ML.Transforms.Video;

/// <summary>Counts the videos that are opened, for whoever measures: <c>mofo.videos.opened</c> of the meter <c>Mofo.ML</c>, with the tag <c>path</c>.</summary>
internal static class VideoMeter
{
    public const string Name = "Mofo.ML", VideosOpened = "mofo.videos.opened", Path = "path";

    private static readonly Meter Source = new(Name);

    private static readonly Counter<long> Openings = Source.CreateCounter<long>(VideosOpened, "{video}", "Videos opened to decode their frames");

    /// <summary>A video is opened; costs nothing where nobody listens.</summary>
    public static void Opened(string path) => Openings.Add(1, new KeyValuePair<string, object?>(Path, path));
}
