using Microsoft.ML.Data;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class ClipExplanationTests
{
    [Theory]
    [InlineData("rows.svg")]
    [InlineData("rows")]
    public void The_ending_of_its_picture_is_checked_before_the_video_is_read(string name)
    {
        var explanation = new ClipExplanation("missing.avi", "walk", 1, new MotionBox(0, 0, 8, 8), 2, []);
        Assert.Contains($"{name} cannot be written: its ending must be .png, .jpg or .webp", Assert.Throws<IOException>(() => explanation.SavePicture(name)).Message, StringComparison.Ordinal);
        Assert.Throws<VideoException>(() => explanation.SavePicture("rows.png"));
    }

    [Fact]
    public void The_video_shows_every_frame_in_its_order()
    {
        const int Frames = 8;
        var folder = Directory.CreateTempSubdirectory("mofo-explained-");
        var pictures = Enumerable.Range(0, Frames).Select(i =>
        {
            var pixels = new byte[64 * 48 * 4];
            Array.Fill(pixels, (byte)(20 * i));
            return MLImage.CreateFromPixels(64, 48, MLPixelFormat.Bgra32, pixels);
        }).ToArray();
        try
        {
            using var video = TemporaryVideo.FromImages(pictures);
            var box = new MotionBox(0, 0, 8, 8);
            var frame = new ExplainedFrame(3, box, [1, 0, 0, 1], [0, 1, 1, 0]);
            var drawn = Path.Combine(folder.FullName, "drawn.avi");
            new ClipExplanation(video.Path, "walk", 1, box, 2, [frame]).SaveVideo(drawn);

            // The last pixel is far from all that is drawn. Each frame is written over the one before while the video is read.
            using var reader = FrameReader.Open(drawn);
            var last = reader.ReadAt([.. Enumerable.Range(0, Frames)], shown => (int)shown.Pixels[^1]);
            Assert.Equal(Frames, reader.CountFrames());
            Assert.All(last, (value, i) => Assert.InRange(value, (20 * i) - 8, (20 * i) + 8));
        }
        finally
        {
            Array.ForEach(pictures, picture => picture.Dispose());
            folder.Delete(recursive: true);
        }
    }
}
