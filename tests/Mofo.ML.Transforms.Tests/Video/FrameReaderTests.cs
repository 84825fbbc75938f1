using System.Text;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

public sealed class FrameReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("clip.avi", 64, 48)]
    [InlineData("clip.mp4", 64, 48)]
    [InlineData("clip.mov", 64, 48)]
    [InlineData("clip.mkv", 62, 46)]
    [InlineData("Größe und Leer.mp4", 64, 48)]
    public void Reads_every_frame_of_a_container_in_order(string name, int width, int height)
    {
        using var reader = FrameReader.Open(RenderedVideo.Write(_folder.File(name), 9, width, height));
        Assert.Equal((width, height), (reader.Width, reader.Height));
        Assert.Equal(25, reader.FramesPerSecond, 3);
        var count = 0;
        while (reader.TryRead(out var frame))
        {
            Assert.Equal(width * height * 3, frame.Pixels.Length);
            Assert.True(RedAt(frame, 6 + (2 * count), height / 2) > 150, $"the square is not where frame {count} has it");
            count++;
        }

        Assert.Equal(9, count);
        Assert.Equal(9, reader.CountFrames());
    }

    [Fact]
    public void Gives_red_first()
    {
        using var reader = FrameReader.Open(RenderedVideo.WriteImages(_folder.File("images"), 1));
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal([200, 0, 0], frame.Pixels[..3]);
    }

    [Fact]
    public void Reads_a_folder_of_images_with_numbers_in_names_as_numbers()
    {
        using var reader = FrameReader.Open(RenderedVideo.WriteImages(_folder.File("images"), 12));
        Assert.Equal(12, reader.DeclaredFrameCount);
        for (var i = 0; i < 12; i++)
        {
            Assert.True(reader.TryRead(out var frame));
            Assert.Equal(i, frame.Pixels[2]);
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Refuses_images_of_different_sizes_by_name()
    {
        var images = RenderedVideo.WriteImages(_folder.File("images"), 2);
        using (var odd = RenderedVideo.Picture(2, 32, 32))
        {
            Cv2.ImWrite(Path.Combine(images, "frame_2.png"), odd);
        }

        using var reader = FrameReader.Open(images);
        var error = Assert.Throws<VideoException>(() => reader.ReadAt([2], frame => frame));
        Assert.Contains("'frame_2.png' is 32x32, the first one 64x48", error.Message);
    }

    [Fact]
    public void Reads_by_index_what_reading_in_order_gives()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 20);
        using var inOrder = FrameReader.Open(path);
        var all = new List<Frame>();
        while (inOrder.TryRead(out var frame))
        {
            all.Add(frame);
        }

        using var reader = FrameReader.Open(path);
        foreach (var indices in (int[][])[[0, 0, 3, 19], [5, 6, 6, 7], [0], [19, 19], [1, 18]])
        {
            Assert.Equal(indices.Select(i => all[i].Pixels), reader.ReadAt(indices, f => f.Pixels));
        }

        var twice = reader.ReadAt([4, 4], frame => frame);
        Assert.Same(twice[0], twice[1]);
        Assert.Throws<ArgumentException>(() => reader.ReadAt([3, 2], frame => frame));
        Assert.Throws<ArgumentException>(() => reader.ReadAt([-1], frame => frame));
    }

    [Fact]
    public void Gives_the_last_frame_for_a_declared_one_that_is_missing_and_an_error_beyond()
    {
        // Declares 84 frames, of which 83 decode.
        var path = RealVideos.PathOf("loose/hmdb51_Turnk_r_Pippi_Michel_cartwheel_f_cm_np2_le_med_6.avi");
        using var reader = FrameReader.Open(path);
        var frames = reader.ReadAt([82, 83], frame => frame);
        Assert.Same(frames[0], frames[1]);
        var error = Assert.Throws<VideoException>(() => reader.ReadAt([84], frame => frame));
        Assert.Contains("frame 84 was asked for, but only 83 decode (84 are declared)", error.Message);
        Assert.Equal(frames[0].Pixels, reader.ReadAt([83], frame => frame)[0].Pixels);
    }

    [Fact]
    public void Can_be_read_again_after_rewinding_and_counting()
    {
        using var reader = FrameReader.Open(RenderedVideo.Write(_folder.File("clip.avi"), 5));
        Assert.True(reader.TryRead(out var first));
        Assert.Equal(5, reader.CountFrames());
        Assert.True(reader.TryRead(out var again));
        Assert.Equal(first.Pixels, again.Pixels);
        Assert.Equal(5, reader.CountFrames());
        Assert.True(reader.TrySkip());
        Assert.True(reader.TryRead(out var second));
        Assert.Equal(reader.ReadAt([1], frame => frame)[0].Pixels, second.Pixels);
    }

    [Fact]
    public void Reads_4K()
    {
        using var reader = FrameReader.Open(RenderedVideo.Write(_folder.File("large.mp4"), 2, 3840, 2160));
        Assert.Equal(2, reader.CountFrames());
        Assert.Equal((3840, 2160), (reader.Width, reader.Height));
        Assert.Equal(3840 * 2160 * 3, reader.ReadAt([1], frame => frame)[0].Pixels.Length);
    }

    /// <summary>OpenCV's writer makes sizes even, so odd ones come as a GIF and as images here; RealVideoTests has one in H.264.</summary>
    [Fact]
    public void Reads_odd_sizes()
    {
        var gif = _folder.File("odd.gif");
        File.WriteAllBytes(gif, GifFile.Of(width: 21, height: 17, frames: [60, 180]));
        foreach (var (path, width, height) in new[] { (gif, 21, 17), (RenderedVideo.WriteImages(_folder.File("odd"), 2, 63, 47), 63, 47) })
        {
            using var reader = FrameReader.Open(path);
            Assert.Equal((width, height, 2), (reader.Width, reader.Height, reader.CountFrames()));
            Assert.Equal(width * height * 3, reader.ReadAt([1], frame => frame)[0].Pixels.Length);
        }
    }

    [Theory]
    [InlineData("none.avi")]
    [InlineData("none.mp4")]
    [InlineData("none.mkv")]
    public void A_container_without_a_frame_is_refused(string name)
    {
        var path = RenderedVideo.Write(_folder.File(name), frames: 0);
        Assert.True(new FileInfo(path).Length > 0);
        var error = Assert.Throws<VideoException>(() => FrameReader.Open(path));
        Assert.Equal(path, error.File);
    }

    [Fact]
    public void Reads_an_animated_gif()
    {
        var path = _folder.File("moving.gif");
        File.WriteAllBytes(path, GifFile.Of(width: 20, height: 16, frames: [40, 120, 200]));
        using var reader = FrameReader.Open(path);
        Assert.Equal(3, reader.CountFrames());
        Assert.Equal([40, 120, 200], reader.ReadAt([0, 1, 2], frame => frame).Select(f => (int)f.Pixels[0]));
    }

    [Theory]
    [InlineData("missing.mp4", null, "file not found")]
    [InlineData("empty.mp4", "", "the file is empty")]
    [InlineData("notes.mp4", "Dear diary, this is no video at all.\r\n", "this is a text file, not a video")]
    [InlineData("list.avi", "#EXTM3U\n#EXT-X-TARGETDURATION:10\nhttp://127.0.0.1:9/a.ts\n", "this is a text file, not a video")]
    [InlineData("odd.m3u8", "#EXTM3U\n#\u0001\n#EXT-X-TARGETDURATION:10\nhttp://127.0.0.1:9/a.ts\n", "this is a text file, not a video")]
    [InlineData("odd.mp4", "ffconcat version 1.0\n#\u0001\nfile clip.avi\n", "this is a text file, not a video")]
    [InlineData("bytes.mkv", "\u0001\u0002\u0003 something \u0004", "cannot be opened as a video")]
    public void Says_which_file_cannot_be_read_and_why(string name, string? text, string reason)
    {
        var path = _folder.File(name);
        if (text is not null)
        {
            File.WriteAllText(path, text, Encoding.ASCII);
        }

        var error = Assert.Throws<VideoException>(() => FrameReader.Open(path));
        Assert.Equal(path, error.File);
        Assert.StartsWith($"File '{path}': {reason}", error.Message);
        Assert.StartsWith($"File '{path}' (row 3): {reason}", error.WithRow(3).Message);
        Assert.Equal(3, error.WithRow(3).Row);
    }

    [Fact]
    public void An_empty_folder_says_which_images_it_looks_for()
    {
        var error = Assert.Throws<VideoException>(() => FrameReader.Open(_folder.Path));
        Assert.Contains("holds no images (.jpg", error.Message);
    }

    [Theory]
    [InlineData("clip.avi")]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    public void A_file_cut_off_anywhere_is_refused(string name)
    {
        var whole = File.ReadAllBytes(RenderedVideo.Write(_folder.File(name), 30));
        foreach (var share in (double[])[0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
        {
            var cut = _folder.File("cut" + Path.GetExtension(name));
            File.WriteAllBytes(cut, whole[..(int)(whole.Length * share)]);
            Assert.Throws<VideoException>(() => ReadAll(cut));
        }
    }

    [Theory]
    [InlineData("clip.avi", 1)]
    [InlineData("clip.mp4", 2)]
    [InlineData("clip.mkv", 3)]
    public void Random_damage_gives_frames_or_a_VideoException_and_nothing_else(string name, int seed)
    {
        var whole = File.ReadAllBytes(RenderedVideo.Write(_folder.File(name), 12));
        var random = new Random(seed);
        var path = _folder.File("damaged" + Path.GetExtension(name));
        for (var trial = 0; trial < 60; trial++)
        {
            var bytes = (byte[])whole.Clone();
            for (var flip = random.Next(1, 40); flip > 0; flip--)
            {
                // Half of the damage goes to the first kilobyte, where the headers are.
                bytes[random.Next(trial % 2 == 0 ? Math.Min(1024, bytes.Length) : bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                Assert.True(ReadAll(path) > 0);
            }
            catch (VideoException e)
            {
                Assert.Equal(path, e.File);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    internal static int ReadAll(string path)
    {
        using var reader = FrameReader.Open(path);
        var count = 0;
        while (reader.TryRead(out var frame))
        {
            Assert.Equal((reader.Width, reader.Height), (frame.Width, frame.Height));
            count++;
        }

        return count;
    }

    private static byte RedAt(Frame frame, int x, int y) => frame.Pixels[((y * frame.Width) + x) * 3];
}
