using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests;

public sealed class VideoSegmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.mp4#t=12.5,15", 12.5, 15.0)]
    [InlineData("a.mp4#t=12.5", 12.5, null)]
    [InlineData("a.mp4#t=,15", null, 15.0)]
    [InlineData("a.mp4#t=npt:10,20", 10.0, 20.0)]
    [InlineData("a.mp4#t=0:01:15.25,1:20", 75.25, 80.0)]
    public void Times_are_read_as_media_fragments(string address, double? start, double? end)
    {
        Assert.True(VideoSegment.TryParse(address, out var segment));
        Assert.Equal(VideoSegment.OfSeconds("a.mp4", start, end), segment);
    }

    [Theory]
    [InlineData("dir/#20_clap#frames=8,202", "dir/#20_clap", 8, 202)]
    [InlineData("a.mp4#frames=8", "a.mp4", 8, null)]
    [InlineData("a.mp4#frames=,202", "a.mp4", null, 202)]
    public void Numbers_of_frames_are_read(string address, string path, int? start, int? end)
    {
        Assert.True(VideoSegment.TryParse(address, out var segment));
        Assert.Equal(VideoSegment.OfFrames(path, start, end), segment);
        Assert.Equal(address, segment.ToString());
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("#20_Rhythm_clap.avi")]
    [InlineData("#t=1,2")] // no path
    [InlineData("a.mp4#t=")]
    [InlineData("a.mp4#t=,")]
    [InlineData("a.mp4#t=2,1")]
    [InlineData("a.mp4#t=1,1")]
    [InlineData("a.mp4#t=-1,1")]
    [InlineData("a.mp4#t=1,2,3")]
    [InlineData("a.mp4#t=1;2")]
    [InlineData("a.mp4#t=1e1,2e1")]
    [InlineData("a.mp4#t=NaN,2")]
    [InlineData("a.mp4#t=1:60,90")]
    [InlineData("a.mp4#t=1:2:3:4")]
    [InlineData("a.mp4#frames=1.5,2")]
    [InlineData("a.mp4#frames=5,5")]
    [InlineData("a.mp4#track=1")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_no_segment(string? address) => Assert.False(VideoSegment.TryParse(address, out _));

    [Property]
    public void Every_segment_reads_back_from_its_address(NonNegativeInt startMilliseconds, PositiveInt lengthMilliseconds, bool open)
    {
        var (start, end) = (startMilliseconds.Get / 1000.0, open ? (double?)null : (startMilliseconds.Get + lengthMilliseconds.Get) / 1000.0);
        var segment = VideoSegment.OfSeconds("folder/my video, 1.mp4", start, end);
        Assert.True(VideoSegment.TryParse(segment.ToString(), out var read));
        Assert.Equal(segment, read);
    }

    [Property]
    public void Any_text_is_read_or_refused(string? text) => Assert.True(!VideoSegment.TryParse(text, out var segment) || segment.VideoPath.Length > 0);

    [Fact]
    public void Impossible_parts_are_named()
    {
        Assert.Contains("start is -1; it must be at least 0.", Assert.Throws<ArgumentOutOfRangeException>(() => VideoSegment.OfSeconds("a", -1, 2)).Message);
        Assert.Contains("end is 2; it must be above the start, 2.5.", Assert.Throws<ArgumentOutOfRangeException>(() => VideoSegment.OfSeconds("a", 2.5, 2)).Message);
        Assert.Contains("end is 7; it must be above the start, 7.", Assert.Throws<ArgumentOutOfRangeException>(() => VideoSegment.OfFrames("a", 7, 7)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => VideoSegment.OfSeconds("a", double.NaN, 2));
    }

    [Fact]
    public void A_file_of_exactly_this_name_is_a_whole_video()
    {
        File.WriteAllText(_folder.File("a.mp4#t=1,2"), "");
        Assert.Equal("", VideoSegment.Of(_folder.File("a.mp4#t=1,2")).Fragment);
        Assert.Equal("#t=1,3", VideoSegment.Of(_folder.File("a.mp4#t=1,3")).Fragment);
    }
}
