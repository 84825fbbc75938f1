using OpenCvSharp;

namespace ActionRecognition.Rendering;

/// <summary>A hand-held camera: it pans a little one way, shakes, and knows nothing of what happens in front of it.</summary>
internal sealed class CameraPath
{
    private readonly Point2d[] _offsets;

    /// <param name="random">Source of the path.</param>
    /// <param name="frames">Length of the clip.</param>
    /// <param name="reach">Farthest that the camera gets from its middle position, in pixels.</param>
    public CameraPath(Random random, int frames, double reach)
    {
        Reach = reach;
        var direction = random.Between(0, Math.Tau);
        var pan = random.Between(0.2, 0.8) * reach;
        var shake = random.Between(0.05, 0.2) * reach;
        var (slowX, slowY) = (new Noise(random, 9), new Noise(random, 9));
        var (quickX, quickY) = (new Noise(random, 3), new Noise(random, 3));
        _offsets = new Point2d[frames];
        for (var t = 0; t < frames; t++)
        {
            var along = frames > 1 ? (2.0 * t / (frames - 1)) - 1 : 0;
            var x = (pan * along * Math.Cos(direction)) + (shake * (Swing(slowX, t) + (0.4 * Swing(quickX, t))));
            var y = (pan * along * Math.Sin(direction)) + (shake * (Swing(slowY, t) + (0.4 * Swing(quickY, t))));
            _offsets[t] = new Point2d(Math.Clamp(x, -reach, reach), Math.Clamp(y, -reach, reach));
        }
    }

    public double Reach { get; }

    /// <summary>What is added to a point of the scene to get its place in frame <paramref name="frame"/>.</summary>
    public Point2d At(int frame) => _offsets[frame];

    private static double Swing(Noise noise, int frame) => (2 * noise.At(frame, 0)) - 1;
}
