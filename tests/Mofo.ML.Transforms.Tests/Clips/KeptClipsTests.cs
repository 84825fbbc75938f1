using System.Security.Cryptography;
using FsCheck.Xunit;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Clips;

/// <summary>Frames kept in memory or on disk are the frames that the decoder gives.</summary>
public sealed class KeptClipsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-kept-");
    private readonly List<string> _warnings = [];
    private readonly FrameReduction _reduction = new(24);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("loose/g1.avi")]
    [InlineData("loose/video_90.mov")]
    [InlineData("loose/flipping_a_pancake.mkv")]
    public void Kept_frames_and_boxes_are_those_of_the_decoder(string name)
    {
        var source = new ClipSource(RealVideos.PathOf(name), new float[] { 8, 8, 64, 48 });
        var expected = Views(new ClipReader(_reduction), source);
        var memory = new MemoryClipCache(_reduction, 1L << 30);
        var disk = Stored();
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(expected, Views(memory, source));
            Assert.Equal(expected, Views(disk, source));
        }

        Assert.Equal(expected, Views(new MemoryClipCache(_reduction, 1), source));
        Assert.Single(Files());
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(48)] // the frames themselves
    public void Memory_that_is_written_again_changes_no_frame(int shortSide)
    {
        using var video = new NumberedVideo(frames: 9);
        var reduction = new FrameReduction(shortSide);
        Assert.Equal(shortSide == 48, reduction.Leaves(64, 48));
        using FrameReader own = FrameReader.Open(video.Path), held = FrameReader.Open(video.Path), passing = FrameReader.Open(video.Path);
        var frames = own.ReadAt([.. Enumerable.Range(0, 9)], frame => frame);
        var expected = frames.Select(frame => Text(reduction.Reduce(frame))).ToArray();
        Assert.Equal(9, expected.Distinct().Count());
        Assert.Equal(expected, reduction.ReduceAll(held, video.Path).ToArray().Select(Text));
        var arrays = new HashSet<byte[]>();
        Assert.Equal(expected, reduction.ReduceAll(passing, video.Path, keeps: false).Select(frame =>
        {
            arrays.Add(frame.Pixels);
            return Text(frame);
        }));
        Assert.Single(arrays);

        int[] all = [.. Enumerable.Range(0, 9)];
        foreach (var clips in (IClipSource[])[new ClipReader(reduction), new MemoryClipCache(reduction, 1L << 30), new MemoryClipCache(reduction, 1), new DiskClipCache(reduction, Cache, _warnings.Add)])
        {
            using var clip = clips.ReadViews(new(video.Path, default), _ => [all]).Single();
            Assert.Equal(expected, all.Select(i => Convert.ToHexString(clip.Frame(i))));
        }

        static string Text(Frame frame) => Convert.ToHexString(frame.Pixels);
    }

    [Fact]
    public void Once_kept_a_video_is_not_opened_again()
    {
        IClipSource[] sources = [new MemoryClipCache(_reduction, 1L << 30), Stored()];
        var video = new NumberedVideo(frames: 9);
        var source = new ClipSource(video.Path, default);
        var first = sources.Select(clips => Views(clips, source)).ToArray();
        video.Dispose();
        Assert.Equal(first, sources.Select(clips => Views(clips, source)));
    }

    [Fact]
    public void The_same_content_elsewhere_is_found_and_another_size_is_not()
    {
        using var video = new NumberedVideo(frames: 9);
        var expected = Views(Stored(), new(video.Path, default));
        var copy = Path.Combine(_folder.FullName, "copy.avi");
        File.Copy(video.Path, copy);
        Assert.Equal(expected, Views(Stored(), new(copy, default)));
        Assert.Single(Files());
        _ = Views(new DiskClipCache(new FrameReduction(12), Cache, _warnings.Add), new(copy, default));
        Assert.Equal(2, Files().Length);
    }

    [Property(MaxTest = 40)]
    public void A_file_damaged_anywhere_is_reported_and_made_again(uint place, byte change, bool cut)
    {
        using var video = new NumberedVideo(frames: 5, width: 16, height: 12);
        var source = new ClipSource(video.Path, default);
        var expected = Views(Stored(), source);
        var file = Files().Single();
        var bytes = File.ReadAllBytes(file);
        var at = (int)(place % bytes.Length);
        bytes[at] ^= (byte)Math.Max((byte)1, change);
        File.WriteAllBytes(file, cut ? bytes[..at] : bytes);
        _warnings.Clear();

        Assert.Equal(expected, Views(Stored(), source));
        Assert.Contains($"The stored frames of '{video.Path}' in '{file}' cannot be used", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(expected, Views(Stored(), source));
        Assert.Single(_warnings);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_one_warning()
    {
        File.WriteAllText(Cache, "a file where the folder should be");
        using var video = new NumberedVideo(frames: 5);
        var source = new ClipSource(video.Path, default);
        var clips = Stored();
        Assert.Equal(Views(new ClipReader(_reduction), source), Views(clips, source));
        _ = Views(clips, source);
        Assert.Contains("cannot be kept in", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_video_is_named_with_its_row_and_leaves_no_file()
    {
        var path = Path.Combine(_folder.FullName, "text.mp4");
        File.WriteAllText(path, "no video at all");
        foreach (var clips in (IClipSource[])[new MemoryClipCache(_reduction, 1L << 30), Stored()])
        {
            Assert.Equal(3, Assert.Throws<VideoException>(() => Views(clips, new(path, default, Row: 3))).Row);
            Assert.Equal(4, Assert.Throws<VideoException>(() => Views(clips, new(path + ".not", default, Row: 4))).Row);
        }

        Assert.Empty(Files());
    }

    private string Cache => Path.Combine(_folder.FullName, "cache");

    private DiskClipCache Stored() => new(_reduction, Cache, _warnings.Add);

    private string[] Files() => Directory.Exists(Cache) ? Directory.GetFiles(Cache, "*", SearchOption.AllDirectories) : [];

    /// <summary>Pixels and boxes of two views, as text that an assertion can show.</summary>
    private static string[] Views(IClipSource clips, ClipSource source)
    {
        var views = clips.ReadViews(source, frames => [[0, frames - 1], [frames / 2, frames - 1, frames - 1]]);
        return Array.ConvertAll(views, view =>
        {
            using (view)
            {
                return string.Join('|', Enumerable.Range(0, view.Length).Select(i => $"{view.Width}x{view.Height} {view.Boxes[i]} {Convert.ToHexString(SHA256.HashData(view.Frame(i)))}"));
            }
        });
    }
}
