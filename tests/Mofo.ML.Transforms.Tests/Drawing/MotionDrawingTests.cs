using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms.Drawing;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Drawing;

public sealed class MotionDrawingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _clip;
    private readonly MotionDrawing _drawing = new(new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48 });

    public MotionDrawingTests() =>
        _clip = ClipFile.Write(SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 10, width: 96, height: 72).Frames, _folder.File("clip.avi"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".mp4")]
    [InlineData(".avi")]
    public void A_video_has_all_frames_and_the_boxes_of_the_detector(string ending)
    {
        var output = _folder.File("drawn" + ending);
        var track = _drawing.SaveVideo(_clip, output);
        var facts = VideoFacts.Read(output);
        Assert.Equal((10, 96, 72, 25.0), (facts.Frames, facts.Width, facts.Height, facts.FramesPerSecond));
        using var before = FrameReader.Open(_clip);
        using var after = FrameReader.Open(output);
        Assert.True(IsYellow(after, (int)track.Union.X1, (int)(track.Union.Y1 + track.Union.Y2) / 2), "The left side of the union is not drawn.");
        Assert.False(IsYellow(before, (int)track.Union.X1, (int)(track.Union.Y1 + track.Union.Y2) / 2));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(output)!, "*" + ending), file => file != _clip);
    }

    [Fact]
    public void A_picture_shows_so_many_frames_side_by_side()
    {
        _ = _drawing.SavePicture(_clip, _folder.File("strip.png"), frames: 3);
        using var strip = Cv2.ImRead(_folder.File("strip.png"));
        Assert.Equal((3 * 96, 72), (strip.Width, strip.Height));
        _ = _drawing.SavePicture(_clip, _folder.File("whole.webp"), frames: 64);
        using var whole = Cv2.ImRead(_folder.File("whole.webp"));
        Assert.Equal(10 * 96, whole.Width);
    }

    [Fact]
    public void Other_endings_and_numbers_of_frames_are_refused_and_leave_nothing()
    {
        Assert.Contains(".mp4 or .avi", Assert.Throws<IOException>(() => _drawing.SaveVideo(_clip, _folder.File("drawn.webm"))).Message);
        Assert.Contains(".png, .jpg or .webp", Assert.Throws<IOException>(() => _drawing.SavePicture(_clip, _folder.File("drawn.svg"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _drawing.SavePicture(_clip, _folder.File("drawn.png"), frames: 0));
        Assert.Throws<VideoException>(() => _drawing.SaveVideo(_folder.File("missing.avi"), _folder.File("drawn.mp4")));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(_clip)!));
    }

    [Fact]
    public void A_cancelled_video_leaves_nothing()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _drawing.SaveVideo(_clip, _folder.File("drawn.mp4"), stopped.Token));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(_clip)!));
    }

    [Fact]
    public void The_limits_and_the_token_of_the_detector_hold_for_all_reading()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var limited = new MotionDetectionOptions { VideoLimits = new() { MaxPixels = 100 } };
        var cancelled = new MotionDetectionOptions { CancellationToken = stopped.Token };
        Assert.Contains("VideoLimits.MaxPixels", Assert.Throws<VideoException>(() => FilmStrip.Of(new MotionDetector(limited), _clip)).Message);
        Assert.ThrowsAny<OperationCanceledException>(() => FilmStrip.Of(new MotionDetector(cancelled), _clip));

        // The rate is read first of all; the folder of the output is made after that.
        Assert.Contains("VideoLimits.MaxPixels", Assert.Throws<VideoException>(() => new MotionDrawing(limited).SaveVideo(_clip, _folder.File("new/drawn.mp4"))).Message);
        Assert.ThrowsAny<OperationCanceledException>(() => new MotionDrawing(cancelled).SaveVideo(_clip, _folder.File("new/drawn.mp4")));
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    [Fact]
    public void The_ending_of_a_picture_is_checked_before_the_video_is_read()
    {
        Assert.Contains(".png, .jpg or .webp", Assert.Throws<IOException>(() => _drawing.SavePicture(_folder.File("missing.avi"), _folder.File("drawn.svg"))).Message);
        Assert.Contains(".png, .jpg or .webp", Assert.Throws<IOException>(() => _drawing.SavePicture(_folder.File("missing.avi"), _folder.File("drawn"))).Message);
    }

    [Theory]
    [InlineData(".webp", 16_384)]
    [InlineData(".jpg", 65_536)]
    public void A_picture_too_wide_for_its_format_is_refused_with_its_size(string ending, int width)
    {
        using var picture = new Mat(2, width, MatType.CV_8UC3, new Scalar(1, 2, 3));
        var message = Assert.Throws<IOException>(() => Picture.Save(picture, _folder.File("wide" + ending))).Message;
        Assert.EndsWith($"wide{ending} cannot be written: the format {ending} does not take a picture of {width}x2 pixels.", message);
        Picture.Save(picture, _folder.File("wide.png"));
    }

    [Fact]
    public void A_film_strip_holds_frames_of_the_whole_clip_in_one_picture()
    {
        var strip = FilmStrip.Of(new MotionDetector(), _clip, frames: 5, height: 36);
        Assert.Equal([1, 3, 5, 7, 9], strip.Indices);
        using var picture = Cv2.ImDecode(strip.Picture, ImreadModes.Color);
        Assert.Equal((5 * strip.Width, 36), (picture.Width, picture.Height));
        Assert.Equal(10 / 25.0 / 5, strip.SecondsPerFrame, 1e-9);
        Assert.Equal("RIFF", System.Text.Encoding.ASCII.GetString(strip.Picture[..4]));
    }

    private static bool IsYellow(FrameReader reader, int x, int y)
    {
        var frame = reader.ReadAt([4], frame => frame)[0];
        var at = ((y * frame.Width) + x) * 3;
        return frame.Pixels[at] > 140 && frame.Pixels[at + 1] > 140 && frame.Pixels[at + 2] < 110;
    }
}
