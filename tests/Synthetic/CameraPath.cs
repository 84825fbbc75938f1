namespace Mofo.ML.Tests.Synthetic;

/// <summary>What the camera does.</summary>
public enum CameraMotion
{
    Still,
    Pan,
    Shake,
    Zoom,
    Rotation,
}

/// <summary>Where the camera looks in each frame: world = centre + zoom * rotated (pixel - middle of the frame).</summary>
internal sealed class CameraPath
{
    private readonly (float X, float Y, float Zoom, float Angle)[] _poses;

    public CameraPath(CameraMotion motion, int frames, Random random)
    {
        _poses = new (float, float, float, float)[frames];
        // Pan: 1 to 4 pixels per frame in any direction. Zoom: 0.4 to 1.2 % per frame. Rotation: 0.3 to 1 degree per frame.
        var (direction, speed) = (random.NextSingle() * MathF.Tau, 1 + (3 * random.NextSingle()));
        var zoom = (0.004f + (0.008f * random.NextSingle())) * (random.Next(2) == 0 ? 1 : -1);
        var turn = (0.3f + (0.7f * random.NextSingle())) * MathF.PI / 180 * (random.Next(2) == 0 ? 1 : -1);
        for (var t = 0; t < frames; t++)
        {
            _poses[t] = motion switch
            {
                CameraMotion.Pan => (t * speed * MathF.Cos(direction), t * speed * MathF.Sin(direction), 1, 0),
                // A hand that trembles: up to 3 pixels either way, another in every frame.
                CameraMotion.Shake => (6 * (random.NextSingle() - 0.5f), 6 * (random.NextSingle() - 0.5f), 1, 0.005f * (random.NextSingle() - 0.5f)),
                CameraMotion.Zoom => (0, 0, MathF.Pow(1 + zoom, t - (frames / 2)), 0),
                CameraMotion.Rotation => (0, 0, 1, turn * (t - (frames / 2))),
                _ => (0, 0, 1, 0),
            };
        }
    }

    public (float X, float Y, float Zoom, float Angle) this[int frame] => _poses[frame];
}
