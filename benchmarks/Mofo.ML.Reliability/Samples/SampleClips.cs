using OpenCvSharp;

namespace Mofo.ML.Reliability.Samples;

/// <summary>Renders small clips: a bright square that moves to the right or to the left over a textured ground.</summary>
internal static class SampleClips
{
    private const int ClipsPerClass = 4;
    private const int Frames = 20;
    private static readonly Size Picture = new(96, 72);
    private static readonly (string Extension, string Codec)[] Formats = [(".avi", "MJPG"), (".mp4", "mp4v"), (".mkv", "FFV1"), (".avi", "XVID")];

    /// <summary>Writes the clips and their list.</summary>
    public static void Write(SampleFiles samples)
    {
        Directory.CreateDirectory(samples.Clips);
        var lines = new List<string>();
        for (var i = 0; i < 2 * ClipsPerClass; i++)
        {
            var (name, right) = (i % 2 == 0 ? "right" : "left", i % 2 == 0);
            var (extension, codec) = Formats[i / 2 % Formats.Length];
            var file = FormattableString.Invariant($"{name}{i / 2}{extension}");
            Write(Path.Combine(samples.Clips, file), codec, i, right, Frames, Picture);
            lines.Add($"{file} {name}");
        }

        // So small that a million mutations of it take little time.
        foreach (var (extension, codec) in Formats)
        {
            Write(Path.Combine(samples.Clips, $"small-{codec}{extension}"), codec, 99, true, 3, new Size(32, 32));
        }

        File.WriteAllLines(samples.List, lines);
    }

    private static void Write(string path, string codec, int seed, bool right, int frames, Size size)
    {
        using var writer = new VideoWriter(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString(codec), 25, size);
        if (!writer.IsOpened())
        {
            throw new IOException($"'{path}' cannot be written with {codec}.");
        }

        var texture = new byte[size.Width * size.Height * 3];
        new Random(seed).NextBytes(texture);
        using var noise = Mat.FromPixelData(size.Height, size.Width, MatType.CV_8UC3, texture);
        using var ground = new Mat();
        Cv2.GaussianBlur(noise, ground, new Size(5, 5), 2);
        for (var frame = 0; frame < frames; frame++)
        {
            using var picture = ground.Clone();
            var step = 2 * frame;
            Cv2.Rectangle(picture, new Rect(right ? 4 + step : size.Width - 24 - step, size.Height / 4, 16, 16), new Scalar(40, 200, 250), -1);
            writer.Write(picture);
        }
    }
}
