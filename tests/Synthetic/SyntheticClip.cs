using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Tests.Synthetic;

/// <summary>A rendered clip with known truth: textured things that move over a textured world while the camera moves as well.</summary>
internal sealed class SyntheticClip
{
    private const float Noise = 2; // grey levels of sensor noise, either way

    private SyntheticClip(IReadOnlyList<Frame> frames, IReadOnlyList<MotionBox> truth) => (Frames, Truth) = (frames, truth);

    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>Per frame the box around all visible pixels of all things; empty when there are none.</summary>
    public IReadOnlyList<MotionBox> Truth { get; }

    public MotionBox TruthUnion => Truth.Aggregate(MotionBox.Empty, (all, box) => all.Union(box));

    public static SyntheticClip Render(CameraMotion camera, int things, int seed, int frames = 32, int width = 320, int height = 240)
    {
        var random = new Random(seed);
        var path = new CameraPath(camera, frames, random);
        var background = new Texture(random, 120, 35);
        var movers = Enumerable.Range(0, things).Select(_ => new Thing(random, path, frames, width, height)).ToArray();
        var pictures = new Frame[frames];
        var truth = new MotionBox[frames];
        for (var t = 0; t < frames; t++)
        {
            (pictures[t], truth[t]) = RenderFrame(t, path[t], background, movers, random, width, height);
        }

        return new SyntheticClip(pictures, truth);
    }

    private static (Frame Picture, MotionBox Truth) RenderFrame(
        int t, (float X, float Y, float Zoom, float Angle) pose, Texture background, Thing[] movers, Random random, int width, int height)
    {
        var pixels = new byte[width * height * 3];
        var (x1, y1, x2, y2) = (width, height, 0, 0);
        var (sin, cos) = MathF.SinCos(pose.Angle);
        for (var i = 0; i < width * height; i++)
        {
            var (column, row) = (i % width, i / width);
            var (px, py) = (pose.Zoom * (column - (width / 2f)), pose.Zoom * (row - (height / 2f)));
            var (wx, wy) = (pose.X + (cos * px) - (sin * py), pose.Y + (sin * px) + (cos * py));
            var value = background.At(wx, wy);
            foreach (var mover in movers)
            {
                if (mover.Covers(t, wx, wy, out var texture))
                {
                    value = texture;
                    (x1, y1, x2, y2) = (Math.Min(x1, column), Math.Min(y1, row), Math.Max(x2, column + 1), Math.Max(y2, row + 1));
                }
            }

            var grey = (byte)Math.Clamp(value + (Noise * ((2 * random.NextSingle()) - 1)), 1, 255);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (grey, grey, grey);
        }

        return (new Frame(width, height, pixels), x2 > x1 ? new MotionBox(x1, y1, x2, y2) : MotionBox.Empty);
    }

    /// <summary>A textured ellipse or rectangle that moves through the world on a straight line, seen by the camera at both ends.</summary>
    private sealed class Thing
    {
        private readonly Texture _texture;
        private readonly bool _round;
        private readonly float _halfWidth;
        private readonly float _halfHeight;
        private readonly (float X, float Y) _start;
        private readonly (float X, float Y) _velocity;

        public Thing(Random random, CameraPath path, int frames, int width, int height)
        {
            _texture = new Texture(random, 60 + (140 * random.NextSingle()), 30);
            _round = random.Next(2) == 0;
            // A sixth to a third of the frame's height across; 1.5 to 4 pixels per frame relative to the world.
            _halfWidth = height * (0.08f + (0.09f * random.NextSingle()));
            _halfHeight = height * (0.08f + (0.09f * random.NextSingle()));
            var (direction, speed) = (random.NextSingle() * MathF.Tau, 1.5f + (2.5f * random.NextSingle()));
            _velocity = (speed * MathF.Cos(direction), speed * MathF.Sin(direction));
            // In the middle of the clip it is somewhere in the middle half of the picture.
            var middle = path[frames / 2];
            _start = (
                middle.X + (width * 0.5f * (random.NextSingle() - 0.5f)) - (_velocity.X * (frames / 2)),
                middle.Y + (height * 0.5f * (random.NextSingle() - 0.5f)) - (_velocity.Y * (frames / 2)));
        }

        public bool Covers(int t, float x, float y, out float value)
        {
            var (dx, dy) = (x - _start.X - (_velocity.X * t), y - _start.Y - (_velocity.Y * t));
            var (ux, uy) = (dx / _halfWidth, dy / _halfHeight);
            var inside = _round ? (ux * ux) + (uy * uy) <= 1 : Math.Abs(ux) <= 1 && Math.Abs(uy) <= 1;
            value = inside ? _texture.At(dx, dy) : 0;
            return inside;
        }
    }
}
