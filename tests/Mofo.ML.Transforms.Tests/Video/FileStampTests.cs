using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>A video behind a symbolic link that is written over is another video.</summary>
public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileStampTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets few users make links.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_target_that_was_written_over_changes_the_stamp_of_its_link()
    {
        var link = Link("link.avi", Written("video.avi", [1, 2, 3]));
        var before = FileStamp.Of(link);
        Assert.NotNull(before);
        Assert.Equal((link, 3), (before.Path, before.Length));
        Assert.Equal(before, FileStamp.Of(link));
        Later(Written("video.avi", [4, 5, 6]));
        Assert.NotEqual(before, FileStamp.Of(link));
    }

    [Fact]
    public void A_picture_behind_a_link_counts_in_the_stamp_of_its_folder()
    {
        var picture = Written("pictures/1.png", [1, 2, 3]);
        _ = Link("series/1.png", picture);
        var folder = Path.GetDirectoryName(_folder.File("series/1.png"))!;
        var before = FileStamp.Of(folder);
        Assert.Equal(3, before!.Length);
        Later(Written("pictures/1.png", [4, 5, 6]));
        Assert.NotEqual(before, FileStamp.Of(folder));
    }

    [Fact]
    public void What_is_remembered_of_a_link_is_forgotten_with_its_target()
    {
        var memory = new FileMemory<string>();
        var link = Link("link.avi", Written("video.avi", [1, 2, 3]));
        Assert.Equal("first", memory.Get(link, () => "first"));
        Assert.Equal("first", memory.Get(link, () => "second"));
        Later(Written("video.avi", [4, 5, 6]));
        Assert.Equal("third", memory.Get(link, () => "third"));
    }

    [Fact]
    public void A_link_that_leads_nowhere_has_no_stamp()
    {
        Assert.Null(FileStamp.Of(Link("link.avi", _folder.File("none.avi"))));
        Assert.Equal("found", new FileMemory<string>().Get(_folder.File("link.avi"), () => "found"));
    }

    [Fact]
    public void A_video_is_opened_through_a_relative_link_in_a_linked_folder()
    {
        _ = Written("a/b/video.avi", [1, 2, 3]);
        _ = Link("a/b/c/link.avi", "../video.avi");
        _ = Link("short", "a/b/c");
        var path = Path.Combine(_folder.File("short"), "link.avi");
        using var stream = RegularFile.Open(path, path, long.MaxValue);
        Assert.Equal(3, stream.Length);
    }

    private static void Later(string path) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));

    private string Written(string name, byte[] bytes)
    {
        var path = _folder.File(name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Link(string name, string target)
    {
        var path = _folder.File(name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _ = File.CreateSymbolicLink(path, target);
        return path;
    }
}
