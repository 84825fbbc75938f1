using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Tests.Synthetic;

/// <summary>Writes frames as a video file.</summary>
internal static class ClipFile
{
    /// <param name="frames">RGB frames of one size.</param>
    /// <param name="path">Ends in .avi (MJPEG) or .mp4 (MPEG-4 part 2).</param>
    public static string Write(IReadOnlyList<Frame> frames, string path)
    {
        var codec = path.EndsWith(".mp4", StringComparison.Ordinal) ? "mp4v" : "MJPG";
        using var writer = new VideoWriter(path, FourCC.FromString(codec), 25, new Size(frames[0].Width, frames[0].Height));
        Assert.True(writer.IsOpened(), $"cannot write {path}");
        foreach (var frame in frames)
        {
            using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Pixels);
            using var bgr = new Mat();
            Cv2.CvtColor(rgb, bgr, ColorConversionCodes.RGB2BGR);
            writer.Write(bgr);
        }

        return path;
    }
}
