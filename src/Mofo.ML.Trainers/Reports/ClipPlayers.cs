using System.Text;
using System.Text.Json;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Drawing;

namespace Mofo.ML.Trainers.Reports;

/// <summary>Clips that play in the page, with their boxes on a canvas over them.</summary>
internal static class ClipPlayers
{
    /// <summary>Stands before the full path of a clip until it is known where the report lies; no file name holds it.</summary>
    public const char PathMark = '\u0001';

    /// <summary>Containers that browsers open. Whether they play the codec shows when they try; the pictures are there for when they do not.</summary>
    private static readonly HashSet<string> Browsers = new(StringComparer.OrdinalIgnoreCase) { ".mp4", ".m4v", ".mov", ".webm", ".ogv" };

    /// <param name="heading">Heading of the section.</param>
    /// <param name="clips">Path of each clip, and what to write below it.</param>
    /// <param name="detector">Finds the boxes.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <param name="unreadable">Called for every clip that cannot be read; the section names it with the reason. An exception from it ends the work.</param>
    public static string Section(
        string heading, IEnumerable<KeyValuePair<string, string>> clips, MotionDetector detector, CancellationToken cancel, Action<VideoException>? unreadable = null)
    {
        var html = new StringBuilder($"<section><h2>{HtmlText.Of(heading)}</h2><p class=\"legend\"><i class=\"box\"></i> motion box of the frame <i class=\"union\"></i> union over the clip</p><div class=\"clips\">");
        foreach (var (path, caption) in clips)
        {
            cancel.ThrowIfCancellationRequested();
            html.Append(Player(path, caption, detector, unreadable, cancel));
        }

        return html.Append("</div></section>").ToString();
    }

    private static string Player(string path, string caption, MotionDetector detector, Action<VideoException>? unreadable, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        try
        {
            var track = detector.Detect(path, cancel);
            var strip = FilmStrip.Of(detector, path, cancel: cancel);
            var size = Invariant($"width=\"{strip.Width}\" height=\"{strip.Height}\"");
            return $"""
                <figure class="clip" data-strip="data:image/webp;base64,{Convert.ToBase64String(strip.Picture)}"{VideoAttribute(path)}>
                <canvas {size}></canvas>
                <div class="bar"><button type="button" aria-label="play or pause">▶</button><input type="range" min="0" max="1000" value="0" aria-label="position"><label><input type="checkbox" checked> boxes</label></div>
                <figcaption><b>{HtmlText.Of(name)}</b>{(caption.Length > 0 ? "<br>" + HtmlText.Of(caption) : "")}{(track.MotionFound ? "" : "<br>nothing but the camera moves")}</figcaption>
                <script type="application/json">{Facts(strip, track)}</script>
                </figure>
                """;
        }
        catch (VideoException e)
        {
            unreadable?.Invoke(e);
            return $"<figure class=\"clip\"><figcaption><b>{HtmlText.Of(name)}</b><br>{HtmlText.Of(caption)}<br>cannot be shown: {HtmlText.Of(e.Reason)}</figcaption></figure>";
        }
    }

    private static string VideoAttribute(string path) =>
        Browsers.Contains(Path.GetExtension(path)) && File.Exists(path) ? $" data-video=\"{PathMark}{HtmlText.Of(Path.GetFullPath(path))}{PathMark}\"" : "";

    private static string Facts(FilmStrip strip, BoxTrack track) => JsonSerializer.Serialize(new
    {
        scale = Math.Round(strip.Scale, 6),
        frames = strip.Indices,
        seconds = Math.Round(strip.SecondsPerFrame, 6),
        count = track.PerFrame.Count,
        union = Corners(track.Union),
        boxes = track.MotionFound ? track.PerFrame.Select(Corners).ToArray() : [],
    });

    private static int[] Corners(MotionBox box) => [(int)Math.Round(box.X1), (int)Math.Round(box.Y1), (int)Math.Round(box.X2), (int)Math.Round(box.Y2)];
}
