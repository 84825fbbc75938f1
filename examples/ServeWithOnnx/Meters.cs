using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ServeWithOnnx;

/// <summary>Counts for a monitoring system, in Prometheus' text format.</summary>
internal sealed class Meters
{
    private readonly ConcurrentDictionary<int, long> _refused = new();
    private long _answered;
    private long _frames;
    private long _milliseconds;

    public void Answered(TimeSpan time, int frames)
    {
        _ = Interlocked.Increment(ref _answered);
        _ = Interlocked.Add(ref _frames, frames);
        _ = Interlocked.Add(ref _milliseconds, (long)time.TotalMilliseconds);
    }

    public void Refused(int status) => _refused.AddOrUpdate(status, 1, (_, count) => count + 1);

    /// <param name="uploads">Uploads that are being received.</param>
    /// <param name="videos">Videos that wait or are worked on.</param>
    public string Text(int uploads, int videos)
    {
        var text = new StringBuilder();
        Counter("mofo_videos_answered_total", "Videos answered.", Interlocked.Read(ref _answered));
        Counter("mofo_frames_total", "Frames of the videos answered.", Interlocked.Read(ref _frames));
        Counter("mofo_seconds_total", "Seconds from the request to the answer.", Interlocked.Read(ref _milliseconds) / 1000.0);
        Head("mofo_videos_refused_total", "Videos refused, by HTTP status.", "counter");
        foreach (var (status, count) in _refused.OrderBy(pair => pair.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"mofo_videos_refused_total{{status=\"{status}\"}} {count}\n");
        }

        Gauge("mofo_uploads", "Uploads that are being received.", uploads);
        Gauge("mofo_videos", "Videos that wait or are worked on.", videos);
        Gauge("process_resident_memory_bytes", "Resident memory.", Environment.WorkingSet);
        return text.ToString();

        void Counter(string name, string help, double value)
        {
            Head(name, help, "counter");
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        void Gauge(string name, string help, long value)
        {
            Head(name, help, "gauge");
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        void Head(string name, string help, string type) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }
}
