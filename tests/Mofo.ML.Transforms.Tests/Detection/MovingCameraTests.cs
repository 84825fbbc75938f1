using Mofo.ML.Tests.Synthetic;

namespace Mofo.ML.Transforms.Tests.Detection;

/// <summary>Accuracy on rendered clips with known truth. The figures of larger runs are in docs/quirks.md.</summary>
public sealed class MovingCameraTests : IDisposable
{
    private const int Width = 240;
    private const int Height = 180;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CameraMotion.Still)]
    [InlineData(CameraMotion.Pan)]
    [InlineData(CameraMotion.Shake)]
    [InlineData(CameraMotion.Zoom)]
    [InlineData(CameraMotion.Rotation)]
    public void Mean_overlap_with_the_truth_is_at_least_three_fifths(CameraMotion camera)
    {
        var overlaps = new[] { (1, 3), (2, 5), (3, 8) }.Select(pair => Overlap(camera, pair.Item1, pair.Item2)).ToArray();
        Assert.InRange(overlaps.Average(o => o.Union), 0.6, 1);
        Assert.InRange(overlaps.Average(o => o.PerFrame), 0.6, 1);
        TestContext.Current.SendDiagnosticMessage($"{camera}: union {overlaps.Average(o => o.Union):f3}, per frame {overlaps.Average(o => o.PerFrame):f3}");
    }

    [Theory]
    [InlineData(CameraMotion.Still)]
    [InlineData(CameraMotion.Pan)]
    [InlineData(CameraMotion.Shake)]
    [InlineData(CameraMotion.Zoom)]
    [InlineData(CameraMotion.Rotation)]
    public void Where_only_the_camera_moves_no_box_is_invented(CameraMotion camera)
    {
        var clip = SyntheticClip.Render(camera, things: 0, seed: 11, frames: 12, Width, Height);
        var track = new MotionDetector().Detect(ClipFile.Write(clip.Frames, _folder.PathOf("none.avi")));
        Assert.False(track.MotionFound);
        Assert.InRange(track.MotionStrength, 0, 0.03f);
        Assert.Equal(MotionBox.CentralHalf(Width, Height), track.Union);
    }

    [Theory]
    [InlineData(CameraMotion.Pan, 0, 24)]
    [InlineData(CameraMotion.Shake, 0, 24)]
    [InlineData(CameraMotion.Pan, 70, 0)]
    public void Black_bars_around_a_moving_picture_are_no_motion(CameraMotion camera, int columns, int rows)
    {
        var clip = SyntheticClip.Render(camera, things: 0, seed: 11, frames: 12, Width, Height);
        foreach (var pixels in clip.Frames.Select(frame => frame.Pixels))
        {
            for (var i = 0; i < Width * Height; i++)
            {
                var (x, y) = (i % Width, i / Width);
                if (x < columns || x >= Width - columns || y < rows || y >= Height - rows)
                {
                    pixels.AsSpan(3 * i, 3).Clear();
                }
            }
        }

        var track = new MotionDetector().Detect(ClipFile.Write(clip.Frames, _folder.PathOf("bars.avi")));
        Assert.False(track.MotionFound);
        Assert.InRange(track.MotionStrength, 0, 0.03f);
    }

    private (double Union, double PerFrame) Overlap(CameraMotion camera, int things, int seed)
    {
        var clip = SyntheticClip.Render(camera, things, seed, frames: 14, Width, Height);
        var track = new MotionDetector().Detect(ClipFile.Write(clip.Frames, _folder.PathOf($"{things}.avi")));
        Assert.True(track.MotionFound);
        var perFrame = track.PerFrame.Zip(clip.Truth).Where(pair => !pair.Second.IsEmpty).Average(pair => pair.First.IntersectionOverUnion(pair.Second));
        return (track.Union.IntersectionOverUnion(clip.TruthUnion), perFrame);
    }
}
