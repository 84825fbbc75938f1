using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Frames that are missing in a folder, or there twice, are mentioned.</summary>
public sealed class PictureNumbersTests
{
    [Theory]
    [InlineData("img_1.jpg img_2.jpg img_3.jpg img_6.jpg img_7.jpg img_8.jpg", "its pictures are numbered with gaps: 2 missing, the first after 'img_3.jpg'; the motion jumps there")]
    [InlineData("f0.png f5.png f10.png f15.png f25.png", "its pictures are numbered with gaps: 1 missing, the first after 'f15.png'; the motion jumps there")]
    [InlineData("v2_1.png v2_2.png v2_3.png v2_5.png", "its pictures are numbered with gaps: 1 missing, the first after 'v2_3.png'; the motion jumps there")]
    [InlineData("1.jpg 2.jpg 03.jpg 3.jpg 4.jpg 5.jpg", "'03.jpg' and '3.jpg' have the same number; both are read")]
    public void A_break_in_the_numbers_is_mentioned(string names, string remark) => Assert.Equal(remark, PictureNumbers.Remark(names.Split(' ')));

    [Theory]
    [InlineData("0.jpg 1.jpg 2.jpg 3.jpg")]
    [InlineData("f10.jpg f20.jpg f30.jpg f40.jpg")]
    [InlineData("img_1.jpg img_2.jpg img_10.jpg")]
    [InlineData("t0_a0.jpg t40_a1.jpg t80_a2.jpg t200_a3.jpg")]
    [InlineData("a.jpg b.jpg c.jpg d.jpg")]
    [InlineData("0.jpg 33.jpg 67.jpg 100.jpg 133.jpg 167.jpg")]
    [InlineData("1.jpg 99999999999999999999.jpg 99999999999999999999999.jpg")]
    [InlineData("1.jpg")]
    [InlineData("")]
    public void Other_numbers_are_as_they_are(string names) => Assert.Null(PictureNumbers.Remark(names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void The_reader_warns_of_a_folder_with_a_gap_and_names_a_link_that_leads_nowhere()
    {
        using var folder = new TemporaryFolder();
        var images = RenderedVideo.WriteImages(folder.File("images"), 8);
        File.Delete(Path.Combine(images, "frame_4.png"));
        var warnings = new List<string>();
        using (var reader = FrameReader.Open(images, new VideoReading(null, warnings.Add)))
        {
            Assert.Equal(7, reader.CountFrames());
        }

        Assert.Contains("1 missing, the first after 'frame_3.png'", Assert.Single(warnings));
        File.CreateSymbolicLink(Path.Combine(images, "frame_4.png"), "nowhere.png");
        using var broken = FrameReader.Open(images);
        Assert.Contains("file not found ('frame_4.png')", Assert.Throws<VideoException>(() => broken.ReadAt([4], frame => frame)).Message);
    }
}
