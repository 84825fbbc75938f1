using System.Diagnostics;
using System.Text;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;
using static Mofo.ML.Transforms.Tests.Video.Refusal;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>What is opened at all: regular files with a known beginning.</summary>
public sealed class FileOpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_a_device_and_a_circle_of_links_are_refused_without_waiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        var pipe = _folder.File("pipe.mp4");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        var toPipe = _folder.File("link.mp4");
        File.CreateSymbolicLink(toPipe, pipe);
        foreach (var path in (string[])[pipe, toPipe, "/dev/zero", "/dev/null", "/dev/stdin"])
        {
            Assert.Contains("it is a pipe or a device", Refused(path));
            Assert.Contains("it is a pipe or a device", Assert.Throws<VideoException>(() => ContentHash.Of(path, "", () => { })).Message);
        }

        File.CreateSymbolicLink(_folder.File("a.mp4"), _folder.File("b.mp4"));
        File.CreateSymbolicLink(_folder.File("b.mp4"), _folder.File("a.mp4"));
        Assert.Contains("cannot be read", Refused(_folder.File("a.mp4")));

        var circle = Directory.CreateDirectory(_folder.File("circle")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(circle, "again"), circle);
        Assert.Contains("holds no images", Refused(Path.Combine(circle, "again", "again")));

        var images = RenderedVideo.WriteImages(_folder.File("images"), 2);
        File.Move(pipe, Path.Combine(images, "frame_2.png"));
        using var reader = FrameReader.Open(images);
        Assert.Contains("it is a pipe or a device ('frame_2.png')", Assert.Throws<VideoException>(() => reader.ReadAt([2], frame => frame)).Message);
    }

    [Fact]
    public void A_link_to_a_video_is_the_video()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        File.CreateSymbolicLink(_folder.File("link.mp4"), RenderedVideo.Write(_folder.File("clip.mp4"), 4));
        using var reader = FrameReader.Open(_folder.File("link.mp4"));
        Assert.Equal(4, reader.CountFrames());
    }

    [Theory]
    [InlineData("10:30.mp4")]
    [InlineData("http:clip.avi")]
    [InlineData("100%d.mp4")]
    [InlineData("a;b|c,d.mp4")]
    public void A_relative_name_is_a_file_whatever_it_looks_like(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        File.Move(RenderedVideo.Write(_folder.File("plain" + Path.GetExtension(name)), 3), _folder.File(name));
        var path = Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder.File(name));
        using var reader = FrameReader.Open(path);
        Assert.Equal(3, reader.CountFrames());
        Assert.Equal(path, reader.Facts.Path);
    }

    /// <summary>FFmpeg passes over the tag and opens what follows it, and the files that are named there.</summary>
    [Fact]
    public void A_play_list_behind_an_ID3_tag_opens_no_other_file()
    {
        var clip = RenderedVideo.Write(_folder.File("clip.mp4"), 3);
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 10, .. new byte[10]];
        foreach (var list in (string[])[$"ffconcat version 1.0\nfile '{clip}'\n", $"#EXTM3U\n#EXTINF:1\n{clip}\n"])
        {
            File.WriteAllBytes(_folder.File("tagged.mp4"), [.. tag, .. Encoding.UTF8.GetBytes(list)]);
            Assert.Contains("it begins with an ID3 tag", Refused(_folder.File("tagged.mp4")));
        }
    }

    [Fact]
    public void Ogg_files_that_were_joined_are_refused_as_only_the_first_would_be_read()
    {
        byte[] begin = Page(2), data = Page(0), end = Page(4);
        File.WriteAllBytes(_folder.File("joined.ogv"), [.. begin, .. begin, .. data, .. end, .. begin, .. data, .. end]);
        Assert.Contains("it is several Ogg files joined into one", Refused(_folder.File("joined.ogv")));
        File.WriteAllBytes(_folder.File("one.ogv"), [.. begin, .. begin, .. data, .. end]);
        Assert.DoesNotContain("joined", Refused(_folder.File("one.ogv")));

        static byte[] Page(byte type) => [.. "OggS\0"u8, type, .. new byte[20], 2, 3, 1, 7, 7, 7, 7];
    }

    [Theory]
    [InlineData("ffconcat version 1.0\n#\u0001", "\nfile clip.mp4\n")]
    [InlineData("#EXTM3U\n#\u0001", "\n#EXTINF:1\nclip.mp4\n")]
    public void A_play_list_with_the_sync_bytes_of_a_transport_stream_in_its_comments_opens_no_other_file(string start, string end)
    {
        // 'G' is the sync byte; packets of a recording that was cut may begin anywhere.
        _ = RenderedVideo.Write(_folder.File("clip.mp4"), 3);
        var list = Enumerable.Repeat((byte)'x', 100 + (30 * 188)).ToArray();
        Encoding.ASCII.GetBytes(start).CopyTo(list, 0);
        for (var packet = 100; packet < list.Length; packet += 188)
        {
            list[packet] = (byte)'G';
        }

        File.WriteAllBytes(_folder.File("list.ts"), [.. list, .. Encoding.ASCII.GetBytes(end)]);
        Assert.Contains("this is a text file", Refused(_folder.File("list.ts")));
    }

    [Theory]
    [InlineData("p.jpg", "this is a picture (JPEG), not a video; a folder of such pictures is read as a video")]
    [InlineData("p.png", "this is a picture (PNG), not a video")]
    [InlineData("p.bmp", "this is a picture (BMP), not a video")]
    [InlineData("p.tif", "this is a picture (TIFF), not a video")]
    [InlineData("p.webp", "this is a WebP picture")]
    public void A_picture_is_no_video(string name, string reason)
    {
        using var picture = RenderedVideo.Picture(1, 64, 48);
        Assert.True(Cv2.ImWrite(_folder.File(name), picture));
        Assert.Contains(reason, Refused(_folder.File(name)));
    }

    [Theory]
    [InlineData("RIFF\u0024\u0000\u0000\u0000WAVEfmt ", "this is an audio file (WAV), not a video")]
    [InlineData("fLaC\u0000\u0000\u0000\u0022\u0010", "this is an audio file (FLAC), not a video")]
    [InlineData("PK\u0003\u0004\u0014\u0000\u0000\u0000", "this is a ZIP archive, not a video; unpack it first")]
    [InlineData("\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000", "this is a picture (HEIF or AVIF), not a video")]
    [InlineData("\u0000\u0000\u0000\u0018ftypisom\u0000\u0000\u0002\u0000isomiso2", "it has no index (moov box)")]
    [InlineData("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=video 9 RTP/AVP 96\r\n", "this is a text file, not a video")]
    [InlineData("<?xml version=\"1.0\"?><MPD></MPD>", "this is a text file, not a video")]
    [InlineData("\u0012\u0000\u000a\u000b\u0000\u0000\u0000\u0004", "its codec is AV1")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008", "it begins like none of the containers that are read")]
    public void Another_kind_of_file_is_named(string content, string reason)
    {
        File.WriteAllBytes(_folder.File("file.mp4"), Encoding.Latin1.GetBytes(content));
        Assert.Contains(reason, Refused(_folder.File("file.mp4")));
    }

    [Fact]
    public void A_name_that_is_not_there_gets_a_hint_where_one_is_known()
    {
        Directory.CreateDirectory(_folder.File("walk"));
        File.WriteAllBytes(_folder.File("walk/a.mp4"), [1]);
        Assert.Contains(OperatingSystem.IsWindows() ? "begins like none" : "file not found; it is there with '/' in place of '\\'", Refused(_folder.Path + "/walk\\a.mp4"));
        Assert.EndsWith("file not found.", Refused(_folder.File("b.mp4")));
        Assert.Contains("file not found; a name that is no valid UTF-8 cannot be opened: rename the file", Refused(_folder.File("b\uFFFD.mp4")));
    }

    [Fact]
    public void A_change_of_size_of_PNG_pictures_in_an_AVI_is_refused()
    {
        var path = _folder.File("png.avi");
        using (var writer = new VideoWriter(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString("MPNG"), 25, new Size(64, 48)))
        {
            for (var i = 0; i < 6; i++)
            {
                using var picture = RenderedVideo.Picture(i, 64, 48);
                writer.Write(picture);
            }
        }

        using (var reader = FrameReader.Open(path))
        {
            Assert.Equal(6, reader.CountFrames());
        }

        using var small = new Mat(20, 30, MatType.CV_8UC3, Scalar.All(90));
        Assert.True(Cv2.ImEncode(".png", small, out var bytes));
        var file = File.ReadAllBytes(path);
        var at = 0;
        for (var picture = 0; picture < 4; picture++)
        {
            at += 1 + file.AsSpan(at + 1).IndexOf((ReadOnlySpan<byte>)[0x89, .. "PNG"u8]);
        }

        bytes.CopyTo(file, at);
        File.WriteAllBytes(path, file);
        Assert.Contains("the size of its pictures changes from 64x48 to 30x20 at frame 3", Refused(path));
    }

    /// <summary>The first lines of a bright picture hold no byte below 32, as text does not.</summary>
    [Theory]
    [InlineData(235)]
    [InlineData(128)]
    [InlineData(16)]
    public void An_uncompressed_video_is_no_text_however_bright(byte brightness)
    {
        var path = _folder.File("bright.y4m");
        var picture = Enumerable.Repeat(brightness, 32 * 32).Concat(Enumerable.Repeat((byte)128, 32 * 16)).ToArray();
        File.WriteAllBytes(path, [.. "YUV4MPEG2 W32 H32 F25:1 Ip A1:1 C420jpeg\n"u8, .. Enumerable.Repeat((byte[])[.. "FRAME\n"u8, .. picture], 3).SelectMany(frame => frame)]);
        using var reader = FrameReader.Open(path);
        Assert.Equal(3, reader.CountFrames());
    }

    [Fact]
    public void Motion_JPEG_without_a_container_is_read_and_a_change_of_its_size_is_refused()
    {
        byte[] Pictures(int count, int width, int height) => [.. Enumerable.Range(0, count).SelectMany(i =>
        {
            using var picture = RenderedVideo.Picture(i, width, height);
            Assert.True(Cv2.ImEncode(".jpg", picture, out var bytes));
            return bytes;
        })];
        File.WriteAllBytes(_folder.File("same.mjpeg"), Pictures(6, 64, 48));
        using var reader = FrameReader.Open(_folder.File("same.mjpeg"));
        Assert.Equal(6, reader.CountFrames());
        File.WriteAllBytes(_folder.File("other.mjpeg"), [.. Pictures(4, 64, 48), .. Pictures(3, 96, 80)]);
        Assert.Contains("the size of its pictures changes from 64x48 to 96x80 at frame 4", Refused(_folder.File("other.mjpeg")));
    }

    /// <summary>Elements of two bytes without end: the decoder would go through them all before it opens.</summary>
    [Fact]
    public void A_Matroska_file_of_empty_elements_is_refused()
    {
        byte[] file = [0x1A, 0x45, 0xDF, 0xA3, 0x84, 0x42, 0x82, 0x81, 0x61, 0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Enumerable.Repeat((byte[])[0xEC, 0x80], 200_000).SelectMany(b => b)];
        File.WriteAllBytes(_folder.File("void.mkv"), file);
        Assert.Contains("more than 100000 elements before its first picture", Refused(_folder.File("void.mkv")));
    }

    /// <summary>Bytes changed anywhere in the head of a file give facts or a reason, never another error, and always an end.</summary>
    [Theory]
    [InlineData("clip.avi")]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    public void Any_damage_to_a_container_gives_facts_or_a_reason(string name)
    {
        var whole = File.ReadAllBytes(RenderedVideo.Write(_folder.File(name), 3));
        var random = new Random(5);
        var (facts, reasons) = (0, 0);
        for (var time = 0; time < 3000; time++)
        {
            var bytes = (byte[])whole.Clone();
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = Container.Read("x", new MemoryStream(bytes), new VideoLimits(), () => { });
                facts++;
            }
            catch (VideoException)
            {
                reasons++;
            }
        }

        Assert.True(facts > 0 && reasons > 0, $"{facts} read, {reasons} refused");
    }
}
