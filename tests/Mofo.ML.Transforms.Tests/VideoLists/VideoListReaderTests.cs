using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class VideoListReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    [Theory]
    [InlineData("a/b.mp4 3", "a/b.mp4", "3")]
    [InlineData("a/b.mp4   3  ", "a/b.mp4", "3")]
    [InlineData("a/b.mp4,3", "a/b.mp4", "3")]
    [InlineData("my clips/b 1.mp4, Moving left", "my clips/b 1.mp4", "Moving left")]
    [InlineData("my clips/b.mp4\tMoving, slowly", "my clips/b.mp4", "Moving, slowly")]
    [InlineData("\"my clips/b, 1.mp4\" 3", "my clips/b, 1.mp4", "3")]
    [InlineData("\"a \"\"good\"\" one.mp4\",\"Moving, left\"", "a \"good\" one.mp4", "Moving, left")]
    [InlineData("a.mp4", "a.mp4", null)]
    [InlineData("a.mp4,", "a.mp4", null)]
    [InlineData("\"a b.mp4\"", "a b.mp4", null)]
    [InlineData("a.mp4 0 -1", "a.mp4", null)]
    [InlineData("a.mp4,0,-1", "a.mp4", null)]
    [InlineData("#a.mp4 3", "#a.mp4", "3")]
    [InlineData("a;b.mp4 3", "a;b.mp4", "3")]
    [InlineData("a;b.mp4", "a;b.mp4", null)]
    [InlineData("two words.mp4,3", "two words.mp4", "3")]
    [InlineData("my videos/clip 1,3", "my videos/clip 1", "3")]
    [InlineData("\"a.mp4 0\",5", "a.mp4 0", "5")]
    [InlineData("\"a.mp4;3\"", "a.mp4;3", null)]
    [InlineData("\"\uFEFFa.mp4\" 3", "\uFEFFa.mp4", "3")]
    public void Splits_path_and_label(string line, string path, string? label) => Assert.Equal((path, label), VideoListLine.Parse(line));

    [Theory]
    [InlineData("a.mp4;3", "has its fields set apart by ';'")]
    [InlineData("a.mp4;0,5", "has its fields set apart by ';'")]
    [InlineData("a.mp4|3", "has its fields set apart by '|'")]
    [InlineData("a.mp4 0,5", "has a comma or tab behind 'a.mp4 0'")]
    [InlineData("a.mp4 walking, slowly", "has a comma or tab behind 'a.mp4 walking'")]
    [InlineData("a.mp4 3\u001A", "holds control characters")]
    [InlineData("a b c", "has 3 fields; expected 'path label'")]
    [InlineData("a,b,c", "has 3 fields; expected 'path label'")]
    [InlineData("frames/clip_1 32 4", "has 2 numbers after the path, as lists of extracted frames have")]
    [InlineData("frames/clip_1 0 32 4", "has 3 numbers after the path, as lists of extracted frames have")]
    [InlineData("\"a.mp4 3", "has an opening quote without a closing one")]
    [InlineData("\"a.mp4\"3", "has '3' right after a closing quote")]
    [InlineData("\"a.mp4\" b,3", "has text after a closing quote")]
    [InlineData(",3", "has no path before its label")]
    [InlineData("\"\" 3", "has no path before its label")]
    [InlineData("a\u0001.mp4 3", "holds control characters")]
    [InlineData("a.mp4 3\uFEFFb.mp4 4", "has a byte order mark inside")]
    [InlineData("a.mp4 1 -1", "has 2 numbers after the path, as lists of extracted frames have")]
    [InlineData("a.mp4 0 -2", "has 2 numbers after the path, as lists of extracted frames have")]
    public void Names_file_and_line_of_a_malformed_line(string line, string problem)
    {
        var list = Write("train.csv", "# first\n\nok.mp4 1\n" + line + "\n");
        var error = Assert.Throws<InvalidDataException>(() => Read(list, null, null));
        Assert.StartsWith($"Video list '{list}', line 4: {problem}", error.Message);
    }

    [Fact]
    public void The_line_with_which_Excel_names_the_separator_is_no_video()
    {
        var log = new RecordedLog();
        var rows = VideoListReader.Read(Write("train.csv", "sep=,\npath,label\na.mp4,x\nb.mp4,y\n"), null, null, log.Log);
        Assert.Equal(["x", "y"], rows.Select(row => row.Label));
        Assert.Contains(log.Infos, info => info.Contains("'sep=,' is a line of Excel's", StringComparison.Ordinal));
    }

    [Property]
    public void Any_path_and_label_survive_quoting(NonNull<string> path, string? label, bool comma)
    {
        var given = (Path: Printable(path.Get), Label: label is null ? null : Printable(label));
        if (given.Path.Length == 0)
        {
            return;
        }

        var line = Quote(given.Path) + (given.Label is null ? "" : (comma ? "," : " ") + Quote(given.Label));
        Assert.Equal((given.Path, given.Label is "" ? null : given.Label), VideoListLine.Parse(line));
    }

    [Property]
    public void Any_line_gives_a_row_nothing_or_a_FormatException(string? line)
    {
        try
        {
            Assert.True(VideoListLine.Parse(line ?? "") is not { } row || row.Path.Length > 0);
        }
        catch (FormatException e)
        {
            Assert.StartsWith("h", e.Message);
        }
    }

    [Fact]
    public void Takes_relative_paths_from_the_lists_folder_or_the_one_given()
    {
        var list = Write("train.csv", "a.mp4 0\n/data/b.mp4 1\n");
        Assert.Equal([new(_folder.File("a.mp4"), "0"), new("/data/b.mp4", "1")], Read(list, null, null));
        Assert.Equal("/clips/a.mp4", Read(list, "/clips", null)[0].VideoPath);
    }

    [Fact]
    public void Turns_label_indices_into_names()
    {
        var list = Write("train.csv", "a.mp4 1\nb.mp4 0\nc.mp4\nd.mp4 \"wave hand\"\n");
        var classes = Write("classes.txt", "jump\nwave hand\n\n");
        Assert.Equal(["wave hand", "jump", null, "wave hand"], Read(list, null, classes).Select(r => r.Label));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("run")]
    public void Refuses_a_label_that_no_class_has(string label)
    {
        var list = Write("train.csv", $"a.mp4 0\nb.mp4 {label}\n");
        var classes = Write("classes.txt", "jump\nwave");
        var error = Assert.Throws<InvalidDataException>(() => Read(list, null, classes));
        Assert.Equal($"Video list '{list}', line 2: has the label '{label}', which is neither a class name of '{classes}' nor an index from 0 to 1.", error.Message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("jump\n\nwave\n", "line 2: blank")]
    [InlineData("jump\nwave\njump\n", "line 3: 'jump' is already on line 1")]
    public void Refuses_class_names_without_a_clear_index(string text, string problem)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Write("train.csv", "a 0"), null, Write("classes.txt", text)));
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void Tolerates_byte_order_mark_and_windows_line_ends()
    {
        var list = _folder.File("windows.csv");
        File.WriteAllText(list, "a.mp4 0\r\n\r\n# note\r\nb.mp4 1\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal([(_folder.File("a.mp4"), "0"), (_folder.File("b.mp4"), "1")], Read(list, null, null).Select(r => (r.VideoPath, r.Label!)));
    }

    [Fact]
    public void Byte_order_marks_of_joined_files_are_not_part_of_the_paths()
    {
        var list = Write("joined.csv", "\uFEFFa.mp4 0\n\uFEFFb.mp4 1\n\uFEFF\n");
        var classes = Write("classes.txt", "\uFEFFjump\n\uFEFFwave\n");
        Assert.Equal([("a.mp4", "jump"), ("b.mp4", "wave")], Read(list, null, classes).Select(r => (Path.GetFileName(r.VideoPath), r.Label!)));
    }

    [Fact]
    public void Refuses_an_empty_list_a_missing_one_and_one_that_is_no_text()
    {
        Assert.Contains("no line names a video", Assert.Throws<InvalidDataException>(() => Read(Write("e.csv", "# x\n"), null, null)).Message);
        Assert.Contains("none.csv", Assert.Throws<FileNotFoundException>(() => Read(_folder.File("none.csv"), null, null)).Message);
        File.WriteAllBytes(_folder.File("b.csv"), [0xFF, 0x00, 0xC3, 0x28, 0x80]);
        Assert.Contains("b.csv", Assert.Throws<InvalidDataException>(() => Read(_folder.File("b.csv"), null, null)).Message);
    }

    [Theory]
    [InlineData("ut_interaction", 54, 6)]
    [InlineData("fight_surv", 72, 2)]
    public void Reads_the_real_sets(string set, int clips, int classes)
    {
        var rows = Read(RealVideos.PathOf($"{set}/train.csv"), null, RealVideos.PathOf($"{set}/classes.txt"));
        Assert.Equal((clips, classes), (rows.Count, rows.Select(r => r.Label).Distinct().Count()));
        Assert.All(rows, r => Assert.True(File.Exists(r.VideoPath), r.VideoPath));
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    private IReadOnlyList<VideoListRow> Read(string list, string? videoFolder, string? classNames) => VideoListReader.Read(list, videoFolder, classNames, _log.Log);

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"")}\"";

    private static string Printable(string text) => new(text.Where(c => !char.IsControl(c)).ToArray());
}
