namespace Mofo.ML.Transforms.Video;

/// <summary>What a video says about itself, after its first frame was decoded.</summary>
/// <param name="Path">The path as the caller gave it.</param>
/// <param name="Width">Pixels, rotation applied, as the first frame decodes.</param>
/// <param name="Height">Pixels, rotation applied, as the first frame decodes.</param>
/// <param name="FramesPerSecond">Mean rate; 0 where nothing is declared (a folder of images).</param>
/// <param name="DeclaredFrameCount">What the container claims, which may be a few more or fewer than decode; 0 where it claims nothing.</param>
/// <param name="CountIsExact">The container lists its frames one by one (mp4, avi, folder), so that decoding far fewer means damage; otherwise the count is duration times rate.</param>
/// <param name="Rotation">Degrees that the file asks the picture to be turned by; the frames come turned.</param>
internal sealed record VideoFile(
    string Path, int Width, int Height, double FramesPerSecond, int DeclaredFrameCount, bool CountIsExact, int Rotation)
{
    /// <summary>Opens, decodes one frame and closes.</summary>
    /// <exception cref="VideoException">The file cannot be used.</exception>
    public static VideoFile Inspect(string path)
    {
        using var reader = FrameReader.Open(path);
        return reader.Facts;
    }
}
