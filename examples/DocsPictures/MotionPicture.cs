using ActionRecognition.Pictures;
using Mofo.ML.Transforms;

namespace DocsPictures;

/// <summary>Frames of a clip with their boxes, and their motion maps below.</summary>
internal static class MotionPicture
{
    /// <param name="clip">The video.</param>
    /// <param name="count">Frames in the picture, spread over the clip.</param>
    /// <param name="width">Width of a frame in the picture, in pixels.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(string clip, int count, int width, string path)
    {
        var detector = new MotionDetector(new MotionDetectionOptions { BoxMode = BoxMode.PerFrame });
        var track = detector.Detect(clip);
        var shown = Enumerable.Range(0, count).Select(i => (int)((i + 0.5) * track.PerFrame.Count / count)).ToHashSet();
        var frames = new List<StripFrame>();
        _ = detector.DetectFrames(clip, frame =>
        {
            if (shown.Contains(frame.Index))
            {
                frames.Add(new StripFrame(new RgbPicture(frame.Width, frame.Height, frame.Rgb.ToArray()), frame.MapWidth, frame.MapHeight, frame.Map.ToArray(), track.PerFrame[frame.Index]));
            }
        });
        MotionStrip.Save([new MotionClip("frames with motion boxes, and their motion maps", frames, track.Union, Truth: null)], path, width);
    }
}
