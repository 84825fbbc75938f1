using Mofo.ML.Transforms.Drawing;

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
        return MotionPictures.SaveVideo(_detector, videoPath, outputPath, cancellationToken);
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
        return MotionPictures.SaveStrip(_detector, videoPath, outputPath, frames, cancellationToken);
    }
}
