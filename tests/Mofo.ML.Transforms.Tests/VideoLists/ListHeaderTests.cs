using Microsoft.ML;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class ListHeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("video_path,label\na.mp4,0\nb.mp4,1\n")]
    [InlineData("Video Path\tClass Name\na.mp4\t0\nb.mp4\t1\n")]
    [InlineData("path label\na.mp4 0\nb.mp4,1\n")]
    [InlineData("label,path\n0,a.mp4\n1,b.mp4\n")]
    [InlineData(",video_path,label\n0,a.mp4,0\n1,b.mp4,1\n")]
    [InlineData("id,label,notes,filename\n7,0,\"one, two\",a.mp4\n8,1,,b.mp4\n")]
    [InlineData("video_path,label\na.mp4,0\n\uFEFFvideo_path,label\nb.mp4,1\n")]
    [InlineData("# made by hand\n\nvideo_path,label\na.mp4,0\nb.mp4,1\n")]
    public void Columns_are_found_by_their_names(string text)
    {
        Assert.Equal([("a.mp4", "0"), ("b.mp4", "1")], Read(text));
        Assert.Contains(_log.Infos, i => i.Contains("is a header row", StringComparison.Ordinal));
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void Columns_that_are_not_read_are_named()
    {
        _ = Read("id,label,notes,filename\n7,0,x,a.mp4\n");
        Assert.Contains(_log.Infos, i => i.EndsWith("passed over 2 columns: id, notes.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clipname,what\na.mp4,0\nb.mp4,1\n", "clipname,what")]
    [InlineData("clipname,what\na.mp4,0\nclipname,what\nb.mp4,1\n", "It stands there 2 times.")]
    [InlineData("\"the clip\" \"the thing\"\na.mp4 0\nb.mp4 1\n", "the clip,the thing")]
    public void A_row_that_names_no_video_and_no_class_is_taken_for_a_header_with_a_warning(string text, string part)
    {
        Assert.Equal([("a.mp4", "0"), ("b.mp4", "1")], Read(text));
        Assert.Contains(part, Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frames1 jump\nb.mp4 wave\nc.mp4 jump\n")] // its class occurs elsewhere
    [InlineData("frames1 17\nb.mp4 0\n")] // its class is a number
    [InlineData("frames1 jump\nframes2 wave\n")] // the others look alike
    [InlineData("gone.mp4 jump\nb.mp4 wave\n")] // it ends as videos do
    [InlineData("video jump\nb.mp4 wave\n")] // it exists
    [InlineData("video class\nb.mp4 wave\n")] // it exists, whatever its name
    public void A_first_row_that_may_be_a_video_stays(string text)
    {
        Directory.CreateDirectory(_folder.File("video"));
        var rows = Read(text);
        Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0].Split(' ')[0], rows[0].Name);
        Assert.Equal(text.Count(c => c == '\n'), rows.Count);
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData("video_path,label,notes\na.mp4,0\n", "line 2: has 2 fields; the header has 3 (video_path, label, notes).")]
    [InlineData("label,path\n0,\n", "line 2: has no path in column 'path'.")]
    [InlineData("label,path\n0,\"a.mp4\n", "line 2: has an opening quote without a closing one.")]
    public void A_row_that_does_not_fit_the_header_is_named(string text, string problem) =>
        Assert.EndsWith(problem, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void The_reported_list_has_two_rows_and_two_classes()
    {
        var list = SharedCases.PathOf("17-csv-header/header.csv");
        Assert.Equal(["0", "1"], VideoListReader.Read(list, null, null, _log.Log).Select(row => row.Label!));
    }

    [Fact]
    public void The_log_of_the_context_says_what_is_passed_over()
    {
        var said = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, e) => said.Add($"{e.Kind} {e.RawMessage}");
        File.WriteAllText(_folder.File("list.csv"), "# note\nclipname,what\na.mp4,0\nb.mp4,1\n");
        Assert.Equal(2, ml.Data.LoadVideoList(_folder.File("list.csv")).GetRowCount());
        Assert.Contains(said, line => line.StartsWith("Info", StringComparison.Ordinal) && line.Contains("passed over 1 comments", StringComparison.Ordinal) && line.Contains("line 1", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("'clipname,what' is taken for a header row", StringComparison.Ordinal));
    }

    private List<(string Name, string? Label)> Read(string text)
    {
        File.WriteAllText(_folder.File("list.csv"), text);
        return [.. VideoListReader.Read(_folder.File("list.csv"), null, null, _log.Log).Select(row => (Path.GetFileName(row.VideoPath), row.Label))];
    }
}
