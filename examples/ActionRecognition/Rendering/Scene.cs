using OpenCvSharp;

namespace ActionRecognition.Rendering;

/// <summary>One clip before it is filmed: a background larger than the frame, moving things, a camera path.</summary>
internal sealed class Scene : IDisposable
{
    private readonly DataSetOptions _options;
    private readonly CameraPath _camera;
    private readonly Mat _background;
    private readonly Thing[] _things;
    private readonly Motion[] _motions;
    private readonly double _begins;
    private readonly double _ends;

    public Scene(DataSetOptions options, MotionClass motion, Random random)
    {
        _options = options;
        var (width, height) = (options.Width, options.Height);
        _camera = new CameraPath(random, options.Frames, options.CameraReach * width);
        var two = motion is MotionClass.TwoThingsMeeting or MotionClass.TwoThingsParting;
        _things = [.. Enumerable.Range(0, two ? 2 : 1).Select(_ => new Thing(random, height * (two ? random.Between(0.12, 0.17) : random.Between(0.14, 0.22))))];
        _motions = new Choreography(random, width, height).Draw(motion, [.. _things.Select(t => t.Radius)]);
        _background = Paint(options, (int)Math.Ceiling(_camera.Reach) + 2, random);
        (_begins, _ends) = (random.Between(0, 0.08), random.Between(0.92, 1));
    }

    /// <summary>Box round the moving things in a frame, cut to the frame: left, top, right, bottom, half-open pixels.</summary>
    public double[] TruthAt(int frame)
    {
        var bounds = _things.Select((thing, i) => thing.BoundsAt(PoseAt(i, frame))).ToArray();
        return
        [
            Cut(bounds.Min(b => b.Left), _options.Width), Cut(bounds.Min(b => b.Top), _options.Height),
            Cut(bounds.Max(b => b.Right), _options.Width), Cut(bounds.Max(b => b.Bottom), _options.Height),
        ];

        static double Cut(double edge, int size) => Math.Round(Math.Clamp(edge, 0, size), 2);
    }

    /// <summary>Films one frame into <paramref name="into"/> (BGR, frame size).</summary>
    public void Render(int frame, Mat into)
    {
        var offset = _camera.At(frame);
        var size = new Size(_options.Width, _options.Height);
        double[] move =
        [
            1, 0, offset.X - ((_background.Width - size.Width) / 2.0),
            0, 1, offset.Y - ((_background.Height - size.Height) / 2.0),
        ];
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, move);
        Cv2.WarpAffine(_background, into, matrix, size, InterpolationFlags.Linear, BorderTypes.Replicate);
        for (var i = 0; i < _things.Length; i++)
        {
            _things[i].DrawOn(into, PoseAt(i, frame));
        }
    }

    public void Dispose()
    {
        _background.Dispose();
        foreach (var thing in _things)
        {
            thing.Dispose();
        }
    }

    private Pose PoseAt(int thing, int frame)
    {
        var time = frame / Math.Max(1.0, _options.Frames - 1);
        var part = Math.Clamp((time - _begins) / (_ends - _begins), 0, 1);
        // Gently off and gently to a stop, at an even pace in between.
        var done = (0.5 * part) + (0.5 * part * part * (3 - (2 * part)));
        var pose = _motions[thing].At(done);
        var offset = _camera.At(frame);
        return pose with { X = pose.X + offset.X, Y = pose.Y + offset.Y };
    }

    private static Mat Paint(DataSetOptions options, int margin, Random random)
    {
        var (width, height) = (options.Width + (2 * margin), options.Height + (2 * margin));
        var background = new Mat(height, width, MatType.CV_8UC3);
        var texture = Texture.Muted(random);
        var pixels = background.AsSpan<Vec3b>();
        for (var i = 0; i < pixels.Length; i++)
        {
            var colour = texture.At(i % width, i / width);
            pixels[i] = new Vec3b((byte)(255 * colour.Blue), (byte)(255 * colour.Green), (byte)(255 * colour.Red));
        }

        for (var still = random.Next(options.StillThings + 1); still > 0; still--)
        {
            using var thing = new Thing(random, options.Height * random.Between(0.07, 0.13));
            thing.DrawOn(background, new Pose(random.Between(0, width), random.Between(0, height), 1, random.Between(0, 360)));
        }

        return background;
    }
}
