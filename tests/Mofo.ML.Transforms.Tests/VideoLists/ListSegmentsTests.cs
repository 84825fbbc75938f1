using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class ListSegmentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("path,label,start,end\nlong.mp4,3,12.5,15\n", "long.mp4#t=12.5,15", "3")]
    [InlineData("label,video_path,start_time,end_time\n3,long.mp4,00:00:12.5,0:15\n", "long.mp4#t=12.5,15", "3")]
    [InlineData("video,start,end\nlong.mp4,12.5,\n", "long.mp4#t=12.5", null)]
    [InlineData("video,start,end\nlong.mp4,,\n", "long.mp4", null)]
    [InlineData("path label start_frame end_frame\nlong.mp4 3 300 360\n", "long.mp4#frames=300,360", "3")]
    [InlineData("path,start,stop,start_frame,stop_frame,label\nlong.mp4,1,2,30,60,3\n", "long.mp4#t=1,2", "3")]
    [InlineData("long.mp4#t=12.5,15 3\n", "long.mp4#t=12.5", "15 3")] // the comma separates: quotes are needed
    [InlineData("\"long.mp4#t=12.5,15\" 3\n", "long.mp4#t=12.5,15", "3")]
    [InlineData("\"#20 long.mp4#frames=3,9\",3\n", "#20 long.mp4#frames=3,9", "3")]
    public void Rows_name_parts_of_videos(string text, string address, string? label)
    {
        Assert.Equal((address, label), Assert.Single(Read(text)));
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData("path,start,end\nlong.mp4,15,12\n", "line 2: has a segment that cannot be used: end is 12; it must be above the start, 15.")]
    [InlineData("path,start,end\nlong.mp4,soon,12\n", "line 2: has 'soon' in column 'start'; expected seconds or h:mm:ss.fff.")]
    [InlineData("path,start,end\nlong.mp4,\"1,5\",12\n", "line 2: has '1,5' in column 'start'")]
    [InlineData("path,start_frame,end_frame\nlong.mp4,1.5,12\n", "line 2: has '1.5' in column 'start_frame'; expected the number of a frame.")]
    public void A_part_that_cannot_be_is_named(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    private List<(string Name, string? Label)> Read(string text)
    {
        File.WriteAllText(_folder.File("list.csv"), text);
        return [.. VideoListReader.Read(_folder.File("list.csv"), null, null, _log.Log).Select(row => (Path.GetFileName(row.VideoPath), row.Label))];
    }
}
