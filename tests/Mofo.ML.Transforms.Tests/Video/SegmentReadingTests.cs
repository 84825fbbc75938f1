using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

public sealed class SegmentReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clip.mp4")] // sought by its index
    [InlineData("clip.mov")]
    [InlineData("clip.mkv")]
    [InlineData("clip.avi")] // decoded up to the start
    public void Frames_whose_time_lies_in_the_segment_are_read(string name)
    {
        var path = RenderedVideo.Write(_folder.File(name), 150); // 6 s at 25 frames a second
        var all = Frames(path);
        Assert.Equal(150, all.Count);
        foreach (var (start, end, first, count) in new[] { (0.0, 0.4, 0, 10), (3.0, 3.4, 75, 10), (5.0, 5.41, 125, 11), (4.99, 9, 125, 25), (5.96, 6, 149, 1), (0.001, 0.05, 1, 1) })
        {
            Assert.Equal(all.GetRange(first, count), Frames(VideoSegment.OfSeconds(path, start, end)));
        }

        Assert.Equal(all.GetRange(100, 50), Frames(VideoSegment.OfSeconds(path, 4, null)));
        Assert.Equal(all.GetRange(0, 5), Frames(VideoSegment.OfSeconds(path, null, 0.2)));
        Assert.Equal(all.GetRange(70, 9), Frames(VideoSegment.OfFrames(path, 70, 79)));
        Assert.Equal(all.GetRange(140, 10), Frames(VideoSegment.OfFrames(path, 140, 500)));
    }

    [Theory]
    [InlineData("loose/R6llTwEh07w.mp4")]
    [InlineData("loose/v_SoccerJuggling_g23_c01.avi")]
    [InlineData("loose/flipping_a_pancake.mkv")]
    [InlineData("loose/balle1-vp9.avi")]
    [InlineData("loose/nasa_13013.mp4")]
    public void Segments_of_real_videos_add_up_to_the_whole(string name)
    {
        var path = RealVideos.PathOf(name);
        var all = Frames(path);
        using var reader = FrameReader.Open(path);
        var length = all.Count / reader.FramesPerSecond;
        var parts = new List<int>();
        for (var part = 0; part < 4; part++)
        {
            parts.AddRange(Frames(VideoSegment.OfSeconds(path, length * part / 4, part == 3 ? null : length * (part + 1) / 4)));
        }

        Assert.Equal(all, parts);
    }

    [Fact]
    public void Only_the_packets_of_a_segment_are_looked_at_for_a_change_of_size()
    {
        // Motion JPEG states the size in every packet; here those from frame 120 on say another one.
        var path = _folder.File("clip.mkv");
        using (var writer = new VideoWriter(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString("MJPG"), 25, new Size(64, 48)))
        {
            for (var i = 0; i < 150; i++)
            {
                using var picture = RenderedVideo.Picture(i, 64, 48);
                writer.Write(picture);
            }
        }

        var bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> frameHeader = [0xFF, 0xC0, 0, 17, 8, 0, 48, 0, 64];
        var found = 0;
        for (var at = bytes.AsSpan().IndexOf(frameHeader); at >= 0; at += 1 + bytes.AsSpan(at + 1).IndexOf(frameHeader))
        {
            bytes[at + 8] = ++found > 120 ? (byte)32 : (byte)64;
            if (bytes.AsSpan(at + 1).IndexOf(frameHeader) < 0)
            {
                break;
            }
        }

        Assert.Equal(150, found);
        File.WriteAllBytes(path, bytes);
        Assert.Contains("changes from 64x48 to 32x48 at frame 120", Assert.Throws<VideoException>(() => FrameReader.Open(path)).Message, StringComparison.Ordinal);
        Assert.Equal(10, Frames(VideoSegment.OfSeconds(path, 1, 1.4)).Count);
        Assert.Contains("changes from 64x48 to 32x48", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#t=4.6,5.2")).Message, StringComparison.Ordinal);
        Assert.Contains("changes from 64x48 to 32x48", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#t=5.4,5.6")).Message, StringComparison.Ordinal); // not the first picture's size
    }

    [Fact]
    public void A_folder_of_images_is_cut_by_frames_and_has_no_seconds()
    {
        var images = RenderedVideo.WriteImages(_folder.File("images"), 12);
        Assert.Equal(Frames(images).GetRange(3, 4), Frames(VideoSegment.OfFrames(images, 3, 7)));
        Assert.Contains("give it in frames", Assert.Throws<VideoException>(() => FrameReader.Open($"{images}#t=1,2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_behind_the_end_or_between_frames_is_named_with_its_reason()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 50);
        Assert.Contains("the segment begins at 7.5 s, but the last frame of the video is shown at 1.96 s", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#t=7.5,9")).Message, StringComparison.Ordinal);
        Assert.Contains("the segment begins at frame 50, but the video has 50 frames", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#frames=50,60")).Message, StringComparison.Ordinal);
        Assert.Contains("lies between two frames", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#t=0.41,0.42")).Message, StringComparison.Ordinal);
        Assert.Equal($"{path}#t=7.5,9", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}#t=7.5,9")).File);
        Assert.Contains("file not found", Assert.Throws<VideoException>(() => FrameReader.Open($"{path}.gone#t=1,2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_by_index_count_from_the_start_of_the_segment()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 150);
        var all = Frames(path);
        using var reader = FrameReader.Open($"{path}#t=3,3.4");
        Assert.Equal(10, reader.CountFrames());
        Assert.Equal(10, reader.DeclaredFrameCount);
        Assert.Equal([all[75], all[79], all[84], all[84]], reader.ReadAt([0, 4, 9, 9]).Select(Hash));
        Assert.Equal([all[76]], reader.ReadAt([1]).Select(Hash)); // back again
        Assert.Equal([all[75], all[76]], Frames(reader)[..2]);
    }

    [Fact]
    public void Stamps_and_hashes_tell_segments_of_one_file_apart()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 20);
        var copy = _folder.File("copy.mp4");
        File.Copy(path, copy);
        string[] addresses = [path, $"{path}#t=0.1,0.3", $"{path}#t=0.1,0.4", $"{path}#frames=1,3"];
        Assert.Equal(4, addresses.Select(FileStamp.Of).Distinct().Count());
        Assert.Equal(4, addresses.Select(Key).Distinct().Count());
        Assert.Equal(Key($"{path}#t=0.1,0.3"), Key($"{copy}#t=npt:0.10,0:00.3")); // the same content and the same part
        File.AppendAllText(copy, "changed");
        Assert.NotEqual(Key($"{path}#t=0.1,0.3"), Key($"{copy}#t=0.1,0.3"));

        static string Key(string address) => ContentHash.Of(address, "options", () => { });
    }

    [Fact]
    public void Boxes_of_a_segment_are_those_of_the_part_cut_out()
    {
        var whole = RenderedVideo.WriteImages(_folder.File("whole"), 40, 128, 96);
        var part = Directory.CreateDirectory(_folder.File("part")).FullName;
        for (var i = 10; i < 30; i++)
        {
            File.Copy(Path.Combine(whole, $"frame_{i}.png"), Path.Combine(part, $"frame_{i}.png"));
        }

        var detector = new MotionDetector(new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48, CacheFolder = _folder.File("cache") });
        var expected = detector.Detect(part);
        var boxes = detector.Detect($"{whole}#frames=10,30");
        Assert.Equal(20, boxes.PerFrame.Count);
        Assert.Equal(expected.PerFrame, boxes.PerFrame);
        Assert.Equal(expected.Union, boxes.Union);
        Assert.Equal(40, detector.Detect(whole).PerFrame.Count); // not the segment's, from the cache
        Assert.Equal(boxes.PerFrame, detector.Detect($"{whole}#frames=10,30").PerFrame);
    }

    private static List<int> Frames(VideoSegment segment) => Frames(segment.ToString());

    private static List<int> Frames(string path)
    {
        using var reader = FrameReader.Open(path);
        return Frames(reader);
    }

    private static List<int> Frames(FrameReader reader)
    {
        reader.Rewind();
        var frames = new List<int>();
        while (reader.TryRead(out var frame))
        {
            frames.Add(Hash(frame));
        }

        return frames;
    }

    private static int Hash(Frame frame)
    {
        var hash = default(HashCode);
        hash.AddBytes(frame.Pixels);
        return hash.ToHashCode();
    }
}
