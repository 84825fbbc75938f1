using OpenCvSharp;

namespace Mofo.ML.Transforms.Drawing;

/// <summary>Whole videos and strips of frames with what the detector saw in them.</summary>
/// <remarks>A video is read twice: the rules for boxes need the whole clip before the first frame can be drawn.</remarks>
internal static class MotionPictures
{
    public static BoxTrack SaveVideo(MotionDetector detector, string videoPath, string outputPath, CancellationToken cancel)
    {
        using var output = new VideoOutput(outputPath, RateOf(detector, videoPath, cancel));
        var track = detector.Detect(videoPath, cancel);
        _ = detector.DetectFrames(videoPath, frame =>
        {
            using var picture = MotionOverlay.Draw(frame, track);
            output.Write(picture);
        }, cancel);
        output.Finish();
        return track;
    }

    public static BoxTrack SaveStrip(MotionDetector detector, string videoPath, string outputPath, int frames, CancellationToken cancel)
    {
        Picture.CheckEnding(outputPath);
        var track = detector.Detect(videoPath, cancel);
        var count = track.PerFrame.Count;
        HashSet<int> shown = [.. EvenSpread.Of(count, Math.Min(frames, count))];
        var drawn = new List<Mat>();
        try
        {
            _ = detector.DetectFrames(videoPath, frame =>
            {
                if (shown.Contains(frame.Index))
                {
                    drawn.Add(MotionOverlay.Draw(frame, track));
                }
            }, cancel);
            using var strip = new Mat();
            Cv2.HConcat(drawn, strip);
            Picture.Save(strip, outputPath);
            return track;
        }
        finally
        {
            drawn.ForEach(picture => picture.Dispose());
        }
    }

    private static double RateOf(MotionDetector detector, string videoPath, CancellationToken cancel)
    {
        using var reader = detector.OpenFrames(videoPath, cancel);
        return reader.FramesPerSecond;
    }
}
