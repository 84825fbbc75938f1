namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Flow as 8 bits, the way denseflow stores it: -bound is level 0, +bound is 255, beyond is clipped; no motion (127.5) is 128.</summary>
internal static class FlowQuantizer
{
    /// <summary>denseflow's usual bound in pixels per frame (<c>-b=20</c>).</summary>
    public const double DefaultBound = 20;

    /// <summary>Levels in one pixel per frame at that bound.</summary>
    public const float LevelsPerPixel = 255f / 40;

    /// <summary>One component of the motion, pixels per frame.</summary>
    public static byte ToLevel(float motion, double bound = DefaultBound) =>
        motion > bound ? (byte)255
        : motion < -bound ? (byte)0
        : (byte)Math.Round(255 * (motion + bound) / (2 * bound), MidpointRounding.ToEven); // NaN casts to 0

    /// <summary>Replaces the motion by its levels (whole numbers from 0 to 255).</summary>
    public static void ToLevels(FlowField flow, double bound = DefaultBound)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        foreach (var component in (ReadOnlySpan<float[]>)[flow.X, flow.Y])
        {
            for (var i = 0; i < component.Length; i++)
            {
                component[i] = ToLevel(component[i], bound);
            }
        }
    }
}
