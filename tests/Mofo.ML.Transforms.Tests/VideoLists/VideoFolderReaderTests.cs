using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class VideoFolderReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Labels_videos_with_their_folder_in_natural_order()
    {
        foreach (var name in (string[])["wave/clip10.MP4", "wave/clip2.avi", "wave/notes.txt", "jump/a.webm", "jump/frames/1.png", "empty/readme.md", ".hidden/x.mp4", "top.mp4"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }

        Assert.Equal(
            [new(_folder.File("jump/a.webm"), "jump"), new(_folder.File("jump/frames"), "jump"), new(_folder.File("wave/clip2.avi"), "wave"), new VideoListRow(_folder.File("wave/clip10.MP4"), "wave")],
            VideoFolderReader.Read(_folder.Path));
    }

    [Fact]
    public void Says_what_layout_it_expects()
    {
        Assert.Contains("<class>", Assert.Throws<InvalidDataException>(() => VideoFolderReader.Read(_folder.Path)).Message);
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(() => VideoFolderReader.Read(_folder.File("nowhere"))).Message);
    }

    public void Dispose() => _folder.Dispose();
}
