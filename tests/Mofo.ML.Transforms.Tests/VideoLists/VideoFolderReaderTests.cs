using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class VideoFolderReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    [Fact]
    public void Labels_videos_with_their_folder_in_natural_order()
    {
        Make("wave/clip10.MP4", "wave/clip2.avi", "wave/notes.txt", "jump/a.webm", "jump/frames/1.png", "empty/readme.md", ".hidden/x.mp4", "top.mp4");

        Assert.Equal(
            [new(_folder.File("jump/a.webm"), "jump"), new(_folder.File("jump/frames"), "jump"), new(_folder.File("wave/clip2.avi"), "wave"), new VideoListRow(_folder.File("wave/clip10.MP4"), "wave")],
            VideoFolderReader.Read(_folder.Path, _log.Log));
    }

    [Fact]
    public void Says_what_layout_it_expects()
    {
        Assert.Contains("<class>", Assert.Throws<InvalidDataException>(() => VideoFolderReader.Read(_folder.Path, _log.Log)).Message);
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(() => VideoFolderReader.Read(_folder.File("nowhere"), _log.Log)).Message);
    }

    [Fact]
    public void Videos_without_class_folders_are_named_with_the_call_that_lists_them()
    {
        Make("a.mp4", "b.avi");
        Assert.EndsWith(
            $"mlContext.Data.LoadVideos(new[] {{ \"{_folder.Path}\" }}) lists them without labels.",
            Assert.Throws<InvalidDataException>(() => VideoFolderReader.Read(_folder.Path, _log.Log)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_passed_over_is_counted_and_named()
    {
        Make("wave/a.mp4", "wave/notes.txt", "wave/._a.mp4", "wave/deeper/b.mp4", "empty/readme.md", "top.mp4");
        Assert.Single(VideoFolderReader.Read(_folder.Path, _log.Log));
        Assert.Contains(_log.Warnings, w => w.Contains("passed over 2 files whose names", StringComparison.Ordinal) && w.Contains("empty/readme.md, wave/notes.txt.", StringComparison.Ordinal));
        Assert.Contains(_log.Warnings, w => w.Contains("passed over 1 folders that are no video", StringComparison.Ordinal) && w.Contains("wave/deeper", StringComparison.Ordinal));
        Assert.Contains(_log.Warnings, w => w.Contains("passed over 1 files outside the class folders: top.mp4", StringComparison.Ordinal));
        Assert.Contains(_log.Warnings, w => w.Contains("passed over 1 class folders without a video: empty", StringComparison.Ordinal));
        Assert.Contains(_log.Infos, i => i.Contains("passed over 1 hidden files and folders: wave/._a.mp4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_videos_inside_a_class_folder_is_no_video_because_of_its_poster()
    {
        Make("wave/a.mp4", "wave/frames/1.png", "wave/more/b.mp4", "wave/more/poster.jpg", "wave/deep/poster.jpg", "wave/deep/er/c.mp4");
        Assert.Equal(["a.mp4", "frames"], VideoFolderReader.Read(_folder.Path, _log.Log).Select(row => Path.GetFileName(row.VideoPath)));
        Assert.EndsWith("passed over 2 folders that are no video (videos lie in the class folder itself, not deeper): wave/deep, wave/more.", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_names_is_cut_short_and_its_length_is_said()
    {
        Make("wave/a.mp4");
        Make([.. Enumerable.Range(0, 30).Select(i => Invariant($"wave/{i}.doc"))]);
        _ = VideoFolderReader.Read(_folder.Path, _log.Log);
        Assert.EndsWith("passed over 30 files whose names do not end as those of videos do (name them in a list to have them read): wave/0.doc, wave/1.doc, wave/2.doc, wave/3.doc, wave/4.doc and 25 more.", Assert.Single(_log.Warnings));
    }

    [Theory]
    [InlineData("MTS")]
    [InlineData("m2ts")]
    [InlineData("vob")]
    [InlineData("asf")]
    [InlineData("3g2")]
    [InlineData("mxf")]
    [InlineData("h264")]
    [InlineData("TOD")]
    [InlineData("hevc")]
    public void Files_of_camcorders_discs_and_phones_are_videos(string ending)
    {
        Make($"wave/a.{ending}");
        Assert.Equal(_folder.File($"wave/a.{ending}"), Assert.Single(VideoFolderReader.Read(_folder.Path, _log.Log)).VideoPath);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void Nothing_of_the_reported_folder_is_missing()
    {
        var root = SharedCases.PathOf("16-folder-extensions/root");
        Assert.Equal(
            [("x.mp4", "run"), ("y.MTS", "run"), ("z.m2ts", "run"), ("w.MTS", "walk")],
            VideoFolderReader.Read(root, _log.Log).Select(row => (Path.GetFileName(row.VideoPath), row.Label!)));
    }

    public void Dispose() => _folder.Dispose();

    private void Make(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
    }
}
