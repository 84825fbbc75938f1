using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Which pictures of a folder are the frames of its video.</summary>
public sealed class PictureSeriesTests
{
    [Theory]
    [InlineData("img_#.jpg", "img_00001.jpg img_00002.jpg img_00010.jpg", "flow_x_00001.jpg flow_x_00002.jpg flow_y_00001.jpg flow_y_00002.jpg")]
    [InlineData("image_#.jpg", "image_1.JPG image_2.jpeg image_10.jpg", "x_1.jpg x_2.jpg y_1.jpg y_2.jpg")]
    [InlineData("frame#.png", "frame1.png frame2.png", "u_1.png u_2.png v_1.png v_2.png")]
    [InlineData("img_#.jpg", "img_1.jpg img_2.jpg", "cover.jpg")]
    [InlineData("x_#.jpg", "x_1.jpg x_2.jpg", "")]
    [InlineData("flow_x_#.jpg", "flow_x_1.jpg flow_x_2.jpg", "")]
    [InlineData("v_#.jpg", "v_1.jpg v_2.jpg v_3.jpg", "")]
    public void One_series_is_read_and_what_is_passed_over_is_named(string series, string frames, string others)
    {
        var (expected, rest) = (frames.Split(' '), others.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var (files, remark) = PictureSeries.Choose("folder", rest.Concat(expected.Reverse()));
        Assert.Equal(expected, files);
        Assert.Equal(rest.Length == 0, remark is null);
        if (remark is not null)
        {
            Assert.StartsWith($"only the series '{series}' ({expected.Length} files) is read; passed over: ", remark);
        }
    }

    [Theory]
    [InlineData("a.png b.png c.png")]
    [InlineData("first.png 2.png third.png")]
    public void Names_without_numbers_are_one_video_as_before(string names) => Assert.Equal(names.Split(' ').Order(NaturalOrder.Instance), PictureSeries.Choose("folder", names.Split(' ')).Files);

    [Theory]
    [InlineData("img_1.jpg img_2.jpg mask_1.png mask_2.png", "'img_#.jpg' (2 files), 'mask_#.png' (2 files)")]
    [InlineData("img_1.jpg img_2.jpg img_1.png img_2.png", "'img_#.jpg' (2 files), 'img_#.png' (2 files)")]
    [InlineData("flow_x_1.jpg flow_x_2.jpg flow_y_1.jpg flow_y_2.jpg", "'flow_x_#.jpg' (2 files), 'flow_y_#.jpg' (2 files)")]
    public void Several_series_are_refused_by_name(string names, string series)
    {
        var error = Assert.Throws<VideoException>(() => PictureSeries.Choose("folder", names.Split(' ')));
        Assert.Contains($"the folder holds 2 series of pictures: {series}; one video is one series", error.Message);
    }

    [Fact]
    public void Notes_of_macOS_are_no_pictures()
    {
        using var folder = new TemporaryFolder();
        var images = RenderedVideo.WriteImages(folder.File("images"), 3);
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllBytes(Path.Combine(images, $"._frame_{i}.png"), [0, 5, 22, 7]);
        }

        using var reader = FrameReader.Open(images);
        Assert.Equal(3, reader.CountFrames());
        Assert.Equal([0, 1, 2], reader.ReadAt([0, 1, 2], frame => frame).Select(frame => (int)frame.Pixels[2]));
        Assert.Empty(reader.Facts.Remarks);
    }
}
