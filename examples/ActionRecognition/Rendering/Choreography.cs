namespace ActionRecognition.Rendering;

/// <summary>Draws the motions that make a class: where the things start, how far and which way they go.</summary>
internal sealed class Choreography(Random random, int width, int height)
{
    /// <summary>One motion per thing of the given radii, kept inside the frame when the camera is in its middle position.</summary>
    public Motion[] Draw(MotionClass motion, IReadOnlyList<double> radii) => motion switch
    {
        MotionClass.MovedLeft => [Shift(radii[0], -1, 0)],
        MotionClass.MovedRight => [Shift(radii[0], 1, 0)],
        MotionClass.MovedUp => [Shift(radii[0], 0, -1)],
        MotionClass.MovedDown => [Shift(radii[0], 0, 1)],
        MotionClass.MovedTowardsCamera => [Approach(radii[0])],
        MotionClass.MovedAwayFromCamera => [Approach(radii[0]).Reversed],
        MotionClass.TurnedRound => [Turn(radii[0])],
        MotionClass.TwoThingsMeeting => Meet(radii[0], radii[1]),
        MotionClass.TwoThingsParting => [.. Meet(radii[0], radii[1]).Select(m => m.Reversed)],
        _ => throw new ArgumentOutOfRangeException(nameof(motion), motion, "There is no such class."),
    };

    private Motion Shift(double radius, int horizontal, int vertical)
    {
        var length = (horizontal != 0 ? width : height) * random.Between(0.4, 0.55);
        // A hand never moves quite straight: up to 12 degrees to either side.
        var slant = length * Math.Tan(random.Between(-12, 12) * Math.PI / 180);
        var (dx, dy) = ((horizontal * length) + (vertical * slant), (vertical * length) + (horizontal * slant));
        var (x, y) = (Start(width, radius, dx), Start(height, radius, dy));
        var degrees = random.Between(-30, 30);
        return new Motion(
            new Pose(x, y, 1, degrees),
            new Pose(x + dx, y + dy, random.Between(0.93, 1.07), degrees + random.Between(-20, 20)));
    }

    private Motion Approach(double radius)
    {
        var (far, near) = (random.Between(0.5, 0.62), random.Between(1.4, 1.7));
        var still = Stay(radius * near, drift: 10);
        return new Motion(still.From with { Scale = far }, still.To with { Scale = near });
    }

    private Motion Turn(double radius)
    {
        var still = Stay(radius, drift: 6);
        var turn = random.EitherSide(150, 270);
        return new Motion(still.From, still.To with { Degrees = still.From.Degrees + turn });
    }

    /// <summary>A pose that is nearly kept.</summary>
    private Motion Stay(double radius, double drift)
    {
        var (dx, dy) = (random.Between(-drift, drift), random.Between(-drift, drift));
        var (x, y) = (Start(width, radius, dx), Start(height, radius, dy));
        var degrees = random.Between(-30, 30);
        return new Motion(new Pose(x, y, 1, degrees), new Pose(x + dx, y + dy, 1, degrees + random.Between(-12, 12)));
    }

    private Motion[] Meet(double first, double second)
    {
        var touching = first + second;
        var apart = touching + (width * random.Between(0.36, 0.46));
        var angle = random.Between(-35, 35) * Math.PI / 180;
        var (sin, cos) = Math.SinCos(angle);
        var (spanX, spanY) = ((apart * cos / 2) + Math.Max(first, second), (apart * Math.Abs(sin) / 2) + Math.Max(first, second));
        var (x, y) = (Middle(width, spanX), Middle(height, spanY));
        var swap = random.Next(2) == 0 ? -1 : 1;
        return [Half(first, swap), Half(second, -swap)];

        Motion Half(double radius, int side)
        {
            // The point where they touch divides the way between the centres by their radii.
            var near = radius * side;
            var far = near + ((apart - touching) / 2 * side);
            var degrees = random.Between(-30, 30);
            return new Motion(
                new Pose(x + (far * cos), y + (far * sin), 1, degrees),
                new Pose(x + (near * cos), y + (near * sin), 1, degrees + random.Between(-12, 12)));
        }
    }

    /// <summary>A start from which a way of the given length ends inside the frame; the middle way where it cannot.</summary>
    private double Start(double size, double radius, double way)
    {
        var (low, high) = (radius - Math.Min(way, 0), size - radius - Math.Max(way, 0));
        return low <= high ? random.Between(low, high) : (low + high) / 2;
    }

    private double Middle(double size, double halfSpan) =>
        halfSpan * 2 <= size ? random.Between(halfSpan, size - halfSpan) : size / 2;
}
