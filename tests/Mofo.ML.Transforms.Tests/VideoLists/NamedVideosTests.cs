using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

/// <summary>Videos named in any way.</summary>
public sealed class NamedVideosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public NamedVideosTests()
    {
        foreach (var name in new[] { "run/a10.mp4", "run/a9.mp4", "sit/b.avi", "flat/x.mp4", "flat/.hidden.mp4", "flat/notes.txt", "frames/1.png", "frames/2.png" })
        {
            var path = _folder.File(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        File.WriteAllLines(_folder.File("list.csv"), ["run/a9.mp4 0", "sit/b.avi 1"]);
        File.WriteAllLines(_folder.File("classes.txt"), ["run", "sit"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_folders_of_videos_folders_of_images_parts_and_lists_come_in_the_order_given()
    {
        Assert.Equal(["x.mp4", "frames", "b.avi", "b.avi#t=1,2", "a9.mp4", "b.avi"], Names("flat", "frames", "sit/b.avi", "sit/b.avi#t=1,2", "list.csv"));
    }

    [Fact]
    public void A_list_keeps_its_labels_and_takes_class_names_and_everything_else_has_none()
    {
        var view = _ml.Data.LoadVideos([_folder.File("list.csv"), _folder.File("flat")], classNamesPath: _folder.File("classes.txt"));
        Assert.Equal(["run", "sit", ""], view.GetColumn<string>("Label"));
    }

    [Fact]
    public void A_folder_of_class_folders_gives_their_names_as_labels()
    {
        File.Delete(_folder.File("frames/1.png"));
        File.Delete(_folder.File("frames/2.png"));
        Directory.Delete(_folder.File("flat"), recursive: true);
        var view = _ml.Data.LoadVideos([Path.GetDirectoryName(_folder.File("list.csv"))!]);
        Assert.Equal(["run", "run", "sit"], view.GetColumn<string>("Label"));
        Assert.Equal(["a9.mp4", "a10.mp4", "b.avi"], view.GetColumn<string>("VideoPath").Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void What_is_not_there_is_named_and_nothing_at_all_is_refused()
    {
        Assert.Contains("missing.mp4", Assert.Throws<FileNotFoundException>(() => Names("missing.mp4")).Message);
        Assert.Throws<FileNotFoundException>(() => Names("missing.mp4#t=1,2"));
        Assert.Throws<InvalidDataException>(() => _ml.Data.LoadVideos([]));
    }

    [Fact]
    public void What_is_passed_over_beside_videos_is_counted_and_named()
    {
        Directory.CreateDirectory(_folder.File("flat/deeper"));
        var log = new RecordedLog();
        Assert.Equal(_folder.File("flat/x.mp4"), Assert.Single(new NamedVideos(null, null, log.Log).Read([_folder.File("flat")])).VideoPath);
        Assert.Equal(2, log.Warnings.Count);
        Assert.Contains(log.Warnings, w => w.Contains("passed over 1 files whose names do not end as those of videos do", StringComparison.Ordinal) && w.EndsWith(": notes.txt.", StringComparison.Ordinal));
        Assert.Contains(log.Warnings, w => w.Contains("passed over 1 folders beside the videos", StringComparison.Ordinal) && w.EndsWith(": deeper.", StringComparison.Ordinal));
        Assert.EndsWith("passed over 1 hidden files and folders: .hidden.mp4.", Assert.Single(log.Infos));
    }

    [Fact]
    public void Pictures_beside_videos_hide_none_of_them_and_are_counted()
    {
        File.WriteAllText(_folder.File("flat/poster.jpg"), "");
        File.WriteAllText(_folder.File("flat/y.mp4"), "");
        var log = new RecordedLog();
        Assert.Equal(["x.mp4", "y.mp4"], new NamedVideos(null, null, log.Log).Read([_folder.File("flat")]).Select(row => Path.GetFileName(row.VideoPath)));
        Assert.EndsWith(": notes.txt, poster.jpg.", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_beside_class_folders_hides_none_of_them()
    {
        File.WriteAllText(_folder.File("poster.jpg"), "");
        var log = new RecordedLog();
        Assert.Equal(["flat", "run", "run", "sit"], new NamedVideos(null, null, log.Log).Read([_folder.Path]).Select(row => row.Label));
        Assert.Contains(log.Warnings, w => w.Contains("files outside the class folders", StringComparison.Ordinal) && w.Contains("poster.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public void A_video_that_a_leading_dot_hides_does_not_hide_a_folder_of_images()
    {
        File.WriteAllText(_folder.File("frames/._cover.mp4"), "");
        Assert.Equal(["frames"], Names("frames"));
    }

    private string[] Names(params string[] paths) =>
        [.. _ml.Data.LoadVideos(paths.Select(path => _folder.File(path))).GetColumn<string>("VideoPath").Select(path => Path.GetFileName(path))];
}
