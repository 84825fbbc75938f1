using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Small videos made on the spot: a bright square moves to the right over a textured ground.</summary>
internal static class RenderedVideo
{
    /// <summary>Writes a video file; the codec goes by extension (.avi MJPG, .mp4 and .mov mp4v, .mkv FFV1).</summary>
    public static string Write(string path, int frames, int width = 64, int height = 48, double rate = 25)
    {
        var code = Path.GetExtension(path) switch { ".avi" => "MJPG", ".mkv" => "FFV1", _ => "mp4v" };
        using var writer = new VideoWriter(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString(code), rate, new Size(width, height));
        Assert.True(writer.IsOpened(), $"no encoder {code}");
        for (var i = 0; i < frames; i++)
        {
            using var picture = Picture(i, width, height);
            writer.Write(picture);
        }

        return path;
    }

    /// <summary>Writes frame_0.png ... frame_N.png, without leading zeros.</summary>
    public static string WriteImages(string folder, int frames, int width = 64, int height = 48)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < frames; i++)
        {
            using var picture = Picture(i, width, height);
            Assert.True(Cv2.ImWrite(Path.Combine(folder, $"frame_{i}.png"), picture));
        }

        return folder;
    }

    /// <summary>BGR; the blue channel of pixel (0, 0) is the frame's number.</summary>
    public static Mat Picture(int index, int width, int height)
    {
        var ground = new byte[width * height * 3];
        new Random(7).NextBytes(ground);
        using var bytes = Mat.FromPixelData(height, width, MatType.CV_8UC3, Array.ConvertAll(ground, b => (byte)(b / 3)));
        var picture = bytes.Clone();
        Cv2.Rectangle(picture, new Rect(4 + (2 * index), height / 4, width / 4, height / 2), new Scalar(30, 120, 250), -1);
        picture.Set(0, 0, new Vec3b((byte)index, 0, 200));
        return picture;
    }
}
