using Mofo.ML.Transforms;

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
}
