using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ServeWithOnnx;

/// <summary>Refuses videos that are longer or larger than the service allows.</summary>
internal static class VideoLimits
{
    /// <summary>Looks at what the file says of itself, before anything is decoded.</summary>
    /// <exception cref="VideoException">Too many or too large frames. What is no video at all is left to the decoder, which names the reason.</exception>
    public static void Check(string path, ServiceSettings settings)
    {
        using var video = new VideoCapture(path);
        if (!video.IsOpened())
        {
            return;
        }

        Check(path, (long)video.FrameCount - 1, settings);
        if ((long)video.FrameWidth * video.FrameHeight > settings.MaxPixels)
        {
            throw new VideoException(path, $"its frames have {video.FrameWidth}x{video.FrameHeight} pixels; at most {settings.MaxPixels} pixels are allowed");
        }
    }

    /// <summary>Stops at the first frame too many: what a file says of its length need not be true.</summary>
    /// <exception cref="VideoException">There are too many frames.</exception>
    public static void Check(string path, long frame, ServiceSettings settings)
    {
        if (frame >= settings.MaxFrames)
        {
            throw new VideoException(path, $"it has more than {settings.MaxFrames} frames");
        }
    }
}
