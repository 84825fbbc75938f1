using Mofo.ML.Transforms.Drawing;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms;

/// <summary>Draws what the motion detector sees: the motion map in red, the box of the frame in green, the union of the clip in yellow.</summary>
/// <remarks>
/// Where nothing but the camera moves there is no green box, and the yellow one is the fallback (<see cref="MotionBox.CentralHalf"/>). Videos are written as MPEG-4 part 2
/// (.mp4) or Motion JPEG (.avi), which players show and browsers do not.
/// </remarks>
public sealed class MotionDrawing
{
    private readonly MotionDetector _detector;

    /// <summary>Draws with a copy of these settings.</summary>
    /// <param name="options">Settings of the detector; null for the defaults.</param>
    /// <exception cref="MofoOptionsException">Lists every option that cannot be used.</exception>
    public MotionDrawing(MotionDetectionOptions? options = null) => _detector = new MotionDetector(options);

    /// <summary>Writes the whole video with boxes and map.</summary>
    /// <param name="videoPath">A video file, a folder with one image per frame, or the address of a <see cref="VideoSegment"/>.</param>
    /// <param name="outputPath">The file to write, <c>.mp4</c> or <c>.avi</c>; one that is there is replaced when the new one is whole.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>The boxes.</returns>
    /// <remarks>The video is read twice: the rules for boxes need the whole clip before the first frame can be drawn.</remarks>
    /// <exception cref="VideoException">The video is missing, empty, no video, or damaged.</exception>
    /// <exception cref="IOException">The output has another ending, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack SaveVideo(string videoPath, string outputPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        ArgumentNullException.ThrowIfNull(outputPath);
        using var output = new VideoOutput(outputPath, RateOf(videoPath));
        var track = _detector.Detect(videoPath, cancellationToken);
        _ = _detector.DetectFrames(videoPath, frame =>
        {
            using var picture = MotionOverlay.Draw(frame, track);
            output.Write(picture);
        }, cancellationToken);
        output.Finish();
        return track;
    }

    /// <summary>Writes frames of the video side by side, with boxes and map.</summary>
    /// <param name="videoPath">As for <see cref="SaveVideo"/>.</param>
    /// <param name="outputPath">The file to write, <c>.png</c>, <c>.jpg</c> or <c>.webp</c>; one that is there is replaced.</param>
    /// <param name="frames">Frames at equal distances; in [1, 64]. A shorter video gives fewer.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>The boxes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="frames"/> is out of its range.</exception>
    /// <exception cref="VideoException">The video is missing, empty, no video, or damaged.</exception>
    /// <exception cref="IOException">The output has another ending, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack SavePicture(string videoPath, string outputPath, int frames = 6, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        ArgumentNullException.ThrowIfNull(outputPath);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, 64);
        var track = _detector.Detect(videoPath, cancellationToken);
        var count = track.PerFrame.Count;
        var shown = Enumerable.Range(0, Math.Min(frames, count)).Select(i => (int)((i + 0.5) * count / Math.Min(frames, count))).ToHashSet();
        var drawn = new List<Mat>();
        try
        {
            _ = _detector.DetectFrames(videoPath, frame =>
            {
                if (shown.Contains(frame.Index))
                {
                    drawn.Add(MotionOverlay.Draw(frame, track));
                }
            }, cancellationToken);
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

    private static double RateOf(string videoPath)
    {
        using var reader = FrameReader.Open(videoPath);
        return reader.FramesPerSecond;
    }
}
