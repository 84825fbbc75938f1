using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Clips;

/// <summary>A lossless video file in a temporary folder whose frame i is a grey picture of value 5 i.</summary>
internal sealed class NumberedVideo : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-clips");

    public NumberedVideo(int frames, int width = 64, int height = 48)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "numbered.avi");
        using var writer = new VideoWriter(Path, FourCC.FromString("FFV1"), 25, new Size(width, height));
        for (var i = 0; i < frames; i++)
        {
            using var frame = new Mat(height, width, MatType.CV_8UC3, Scalar.All(5 * i));
            writer.Write(frame);
        }
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
