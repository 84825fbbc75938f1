using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>What is known of a video after reading all of it.</summary>
/// <param name="Path">The path as the caller gave it.</param>
/// <param name="Width">Pixels of a frame as it is shown, turned as the file asks.</param>
/// <param name="Height">Pixels of a frame as it is shown, turned as the file asks.</param>
/// <param name="Frames">Frames that decode; at least 1.</param>
/// <param name="FramesPerSecond">Mean rate; 0 where the video declares none, as a folder of images.</param>
/// <param name="Remarks">What is read otherwise than it is meant, e.g. interlaced pictures, in half sentences.</param>
public sealed record VideoFacts(string Path, int Width, int Height, int Frames, double FramesPerSecond, IReadOnlyList<string> Remarks)
{
    /// <summary>Decodes a video from the first frame to the last.</summary>
    /// <param name="path">A video file, a folder with one image per frame, or the address of a <see cref="VideoSegment"/>.</param>
    /// <param name="limits">How large the video may be; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work, at the latest after the frame in hand.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="VideoException">The file is missing, empty, no video, damaged, or beyond the limits.</exception>
    /// <exception cref="MofoOptionsException">A limit is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VideoFacts Read(string path, VideoLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits?.Validate();
        using var reader = FrameReader.Open(path, new VideoReading(limits), cancellationToken);
        var frames = 0;
        while (reader.TrySkip())
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames++;
        }

        return frames > 0
            ? new VideoFacts(path, reader.Width, reader.Height, frames, reader.FramesPerSecond, reader.Facts.Remarks)
            : throw new VideoException(path, "no frame decodes");
    }
}
