using OpenCvSharp;
using Colour = OpenCvSharp.Scalar; // Scalar is a namespace here too

namespace ServeWithOnnx;

/// <summary>Two clips for a service without clips of its own: a disc moves to the left or to the right, over a background that the camera pans across.</summary>
internal static class RenderedClip
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Frames = 48;
    private const int Radius = 28;

    /// <summary>Writes the clips.</summary>
    /// <returns>Their paths.</returns>
    public static IEnumerable<string> WriteAll(string folder) => [Write(folder, "disc to the left.avi", -1), Write(folder, "disc to the right.avi", 1)];

    private static string Write(string folder, string name, int direction)
    {
        var path = Path.Combine(folder, name);
        using var wall = Texture(new Size(Width + Frames, Height), new Colour(120, 140, 110), 7);
        using var disc = Texture(new Size(2 * Radius, 2 * Radius), new Colour(60, 70, 200), 8);
        using var mask = new Mat(disc.Size(), MatType.CV_8UC1, Colour.All(0));
        Cv2.Circle(mask, Radius, Radius, Radius, Colour.All(255), Cv2.FILLED);
        using var writer = new VideoWriter(path, FourCC.FromString("MJPG"), 24, new Size(Width, Height));
        if (!writer.IsOpened())
        {
            throw new IOException($"The sample clip '{path}' cannot be written.");
        }

        for (var i = 0; i < Frames; i++)
        {
            using var view = wall[new Rect(i, 0, Width, Height)];
            using var frame = view.Clone();
            var x = (Width / 2) - Radius + (direction * (int)(3.5 * (i - (Frames / 2))));
            using var place = frame[new Rect(Math.Clamp(x, 0, Width - (2 * Radius)), (Height / 2) - Radius, 2 * Radius, 2 * Radius)];
            disc.CopyTo(place, mask);
            writer.Write(frame);
        }

        return path;
    }

    /// <summary>Smooth noise around a colour.</summary>
    private static Mat Texture(Size size, Colour colour, ulong seed)
    {
        using var noise = new Mat(size, MatType.CV_32FC1);
        new RNG(seed).Fill(noise, DistributionType.Normal, Colour.All(0), Colour.All(1));
        Cv2.GaussianBlur(noise, noise, new Size(0, 0), 5);
        using var three = noise.CvtColor(ColorConversionCodes.GRAY2BGR);
        using var scaled = new Mat();
        three.ConvertTo(scaled, MatType.CV_32FC3, 250);
        using var shifted = new Mat();
        Cv2.Add(scaled, colour, shifted);
        var picture = new Mat();
        shifted.ConvertTo(picture, MatType.CV_8UC3);
        return picture;
    }
}
