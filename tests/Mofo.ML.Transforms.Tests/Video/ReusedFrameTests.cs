using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Frames that are written over one another are those that have memory of their own.</summary>
public sealed class ReusedFrameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_in_reused_memory_have_the_same_pixels_and_one_array()
    {
        var video = RenderedVideo.Write(_folder.File("clip.mp4"), 9, 64, 48);
        using FrameReader reader = FrameReader.Open(video), reusing = FrameReader.Open(video);
        reusing.ReusesMemory = true;
        var arrays = new HashSet<byte[]>();
        while (reader.TryRead(out var frame))
        {
            Assert.True(reusing.TryRead(out var same));
            Assert.Equal(frame.Pixels, same.Pixels);
            arrays.Add(same.Pixels);
        }

        Assert.False(reusing.TryRead(out _));
        Assert.Single(arrays);
    }

    [Fact]
    public void Pictures_of_a_folder_in_reused_memory_have_the_same_pixels_and_one_array()
    {
        // Files of very different lengths, the longest neither first nor last: what lies behind a short one in the buffer is not read.
        var folder = _folder.File("pictures");
        Directory.CreateDirectory(folder);
        for (var i = 0; i < 6; i++)
        {
            var pixels = new byte[64 * 48 * 3];
            Array.Fill(pixels, (byte)(20 * i));
            new Random(i).NextBytes(pixels.AsSpan(0, pixels.Length / (1 + (Math.Abs(i - 2) * 4))));
            using var picture = Mat.FromPixelData(48, 64, MatType.CV_8UC3, pixels);
            Assert.True(Cv2.ImWrite(Path.Combine(folder, $"frame_{i}.png"), picture));
        }

        using FrameReader own = FrameReader.Open(folder), reusing = FrameReader.Open(folder);
        reusing.ReusesMemory = true;
        var frames = own.ReadAt([0, 1, 2, 3, 4, 5], frame => frame.Pixels);
        Assert.Equal(6, frames.Distinct().Count());
        Assert.Equal(frames, reusing.ReadAt([0, 1, 2, 3, 4, 5], frame => (byte[])frame.Pixels.Clone()));
        Assert.Single(reusing.ReadAt([0, 1, 2, 3, 4, 5], frame => frame.Pixels).Distinct());
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "frame_2.png")).Length, Directory.GetFiles(folder).Max(file => new FileInfo(file).Length));
    }

    [Fact]
    public void A_frame_that_fails_is_not_given_in_place_of_the_one_that_it_was_written_over()
    {
        // 48x64 has as many bytes as 64x48.
        var folder = RenderedVideo.WriteImages(_folder.File("turned"), 1, 64, 48);
        using var other = RenderedVideo.Picture(5, 48, 64);
        Assert.True(Cv2.ImWrite(Path.Combine(folder, "frame_1.png"), other));
        using FrameReader own = FrameReader.Open(folder), reusing = FrameReader.Open(folder);
        reusing.ReusesMemory = true;
        Assert.Throws<VideoException>(() => reusing.ReadAt([0, 1], frame => frame));
        Assert.Equal(own.ReadAt([0], frame => frame.Pixels), reusing.ReadAt([0], frame => frame.Pixels));
    }
}
