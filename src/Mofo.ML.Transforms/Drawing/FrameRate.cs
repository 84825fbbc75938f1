namespace Mofo.ML.Transforms.Drawing;

/// <summary>How fast drawn frames are played.</summary>
internal static class FrameRate
{
    /// <summary>The rate of videos that declare none.</summary>
    private const double Usual = 25;

    /// <summary>Frames per second: the declared rate, or the usual one where that cannot be true.</summary>
    /// <param name="declared">What the video declares; 0 where it declares none.</param>
    public static double Of(double declared) => declared is > 0 and < 1000 ? declared : Usual;
}
