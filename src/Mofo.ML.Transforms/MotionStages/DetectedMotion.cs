namespace Mofo.ML.Transforms.MotionStages;

/// <summary>What the stage says of one video.</summary>
/// <param name="Boxes">x1, y1, x2, y2 for every frame; empty for a video that was skipped.</param>
/// <param name="Found">Whether anything moves.</param>
/// <param name="Strength">How much, as <see cref="BoxTrack.MotionStrength"/>; NaN for a video that was skipped.</param>
internal sealed record DetectedMotion(float[] Boxes, bool Found, float Strength)
{
    public static DetectedMotion Skipped { get; } = new([], false, float.NaN);

    public static DetectedMotion Of(BoxTrack track, BoxMode mode) => new(track.ToValues(mode), track.MotionFound, track.MotionStrength);
}
