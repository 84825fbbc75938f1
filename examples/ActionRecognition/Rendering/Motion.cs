namespace ActionRecognition.Rendering;

/// <summary>How one thing moves: its pose as a function of the part of the action that is done (0 to 1).</summary>
internal sealed record Motion(Pose From, Pose To)
{
    public Pose At(double done) => new(
        From.X + ((To.X - From.X) * done),
        From.Y + ((To.Y - From.Y) * done),
        // A thing that nears at an even pace grows by equal factors, not by equal steps.
        From.Scale * Math.Pow(To.Scale / From.Scale, done),
        From.Degrees + ((To.Degrees - From.Degrees) * done));

    public Motion Reversed => new(To, From);
}
