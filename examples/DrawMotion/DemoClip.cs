using OpenCvSharp;

namespace DrawMotion;

/// <summary>A rendered clip: a disc and a box move over a textured wall, the camera pans.</summary>
internal static class DemoClip
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Frames = 75;

    /// <summary>Writes the clip and gives its path back.</summary>
    public static string Render(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var wall = Texture(Width + (2 * Frames), Height, 90, 1);
        using var first = Texture(60, 60, 170, 2);
        using var second = Texture(44, 64, 60, 3);
        using var writer = new VideoWriter(path, FourCC.FromString("MJPG"), 25, new Size(Width, Height));
        for (var i = 0; i < Frames; i++)
        {
            using var view = wall[new Rect(2 * i, 0, Width, Height)];
            using var frame = view.Clone();
            Place(frame, first, 30 + (2.4 * i), 60 + (40 * Math.Sin(i * 0.12)), round: true);
            Place(frame, second, 120 + (1.6 * i), 150, round: false);
            writer.Write(frame);
        }

        return path;
    }

    private static void Place(Mat frame, Mat thing, double x, double y, bool round)
    {
        using var target = frame[new Rect((int)Math.Clamp(x, 0, Width - thing.Width), (int)Math.Clamp(y, 0, Height - thing.Height), thing.Width, thing.Height)];
        using var mask = new Mat(thing.Size(), MatType.CV_8UC1, new Scalar(round ? 0 : 255));
        if (round)
        {
            Cv2.Circle(mask, thing.Width / 2, thing.Height / 2, thing.Width / 2, new Scalar(255), -1);
        }

        thing.CopyTo(target, mask);
    }

    /// <summary>Smooth noise around a grey level.</summary>
    private static Mat Texture(int width, int height, int mean, ulong seed)
    {
        using var noise = new Mat(height, width, MatType.CV_32FC3);
        var random = new RNG(seed);
        random.Fill(noise, DistributionType.Normal, new Scalar(0, 0, 0), new Scalar(1, 1, 1));
        Cv2.GaussianBlur(noise, noise, new Size(0, 0), 3);
        var picture = new Mat();
        noise.ConvertTo(picture, MatType.CV_8UC3, 300, mean);
        return picture;
    }
}
