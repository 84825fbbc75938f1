using System.Globalization;
using Prometheus;

namespace ServeWithOnnx;

/// <summary>Counts for a monitoring system; prometheus-net writes them, with those of the process, under <c>/metrics</c>.</summary>
internal sealed class Meters
{
    private readonly Counter _answered;
    private readonly Counter _frames;
    private readonly Counter _seconds;
    private readonly Counter _refused;

    /// <param name="places">Places for uploads.</param>
    /// <param name="queue">Videos that wait or are worked on.</param>
    public Meters(UploadPlaces places, WorkQueue queue)
    {
        var metrics = Metrics.WithCustomRegistry(Registry);
        _answered = metrics.CreateCounter("mofo_videos_answered_total", "Videos answered.");
        _frames = metrics.CreateCounter("mofo_frames_total", "Frames of the videos answered.");
        _seconds = metrics.CreateCounter("mofo_seconds_total", "Seconds from the request to the answer.");
        _refused = metrics.CreateCounter("mofo_videos_refused_total", "Videos refused, by HTTP status.", "status");
        var (uploads, videos) = (metrics.CreateGauge("mofo_uploads", "Uploads that are being received."), metrics.CreateGauge("mofo_videos", "Videos that wait or are worked on."));
        Registry.AddBeforeCollectCallback(() =>
        {
            uploads.Set(places.Taken);
            videos.Set(queue.Count);
        });
        DotNetStats.Register(Registry);
    }

    /// <summary>What is exported: a service has one, and tests may run several services in one process.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Answered(TimeSpan time, int frames)
    {
        _answered.Inc();
        _frames.Inc(frames);
        _seconds.Inc(time.TotalSeconds);
    }

    public void Refused(int status) => _refused.WithLabels(status.ToString(CultureInfo.InvariantCulture)).Inc();
}
