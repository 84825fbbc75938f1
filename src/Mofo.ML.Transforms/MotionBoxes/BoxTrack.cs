namespace Mofo.ML.Transforms;

/// <summary>The motion boxes of one video: one per frame and their union.</summary>
public sealed class BoxTrack
{
    /// <summary>Makes a track; the union is computed from the boxes.</summary>
    /// <param name="frameWidth">Frame width in pixels.</param>
    /// <param name="frameHeight">Frame height in pixels.</param>
    /// <param name="perFrame">One box per frame, in pixels of the source frame.</param>
    /// <param name="motionStrength">See <see cref="MotionStrength"/>.</param>
    /// <param name="motionFound">See <see cref="MotionFound"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the strength is negative or not a number.</exception>
    /// <exception cref="ArgumentException">There is no box.</exception>
    public BoxTrack(int frameWidth, int frameHeight, IEnumerable<MotionBox> perFrame, float motionStrength, bool motionFound)
        : this(frameWidth, frameHeight, perFrame, null, motionStrength, motionFound)
    {
    }

    internal BoxTrack(int frameWidth, int frameHeight, IEnumerable<MotionBox> perFrame, MotionBox? union, float motionStrength, bool motionFound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(motionStrength);
        ArgumentOutOfRangeException.ThrowIfEqual(float.IsFinite(motionStrength), false, nameof(motionStrength));
        FrameWidth = frameWidth;
        FrameHeight = frameHeight;
        PerFrame = [.. perFrame];
        if (PerFrame.Count == 0)
        {
            throw new ArgumentException("A track needs at least one box.", nameof(perFrame));
        }

        Union = union ?? PerFrame.Aggregate(MotionBox.Empty, (all, box) => all.Union(box));
        MotionStrength = motionStrength;
        MotionFound = motionFound;
    }

    /// <summary>Frame width in pixels.</summary>
    public int FrameWidth { get; }

    /// <summary>Frame height in pixels.</summary>
    public int FrameHeight { get; }

    /// <summary>One box per frame that decodes, in pixels of the source frame.</summary>
    public IReadOnlyList<MotionBox> PerFrame { get; }

    /// <summary>The box around all motion of the clip (or the fallback of the rules, see <see cref="MotionFound"/>).</summary>
    public MotionBox Union { get; }

    /// <summary>How much moves apart from the camera; near 0 where nothing but the camera moves.</summary>
    /// <value>
    /// The steepest change of the flow from one pixel to the next, (pixels per frame) per pixel, mean over the frames. A thing that moves by 2 pixels
    /// per frame with a border blurred over 10 pixels gives 0.2; noise under a moving camera stays below 0.02.
    /// </value>
    public float MotionStrength { get; }

    /// <summary>False when no frame has motion of its own, so that the boxes are the documented fallback (the central half), not a finding.</summary>
    public bool MotionFound { get; }

    /// <summary>The boxes as the <c>MotionBoxes</c> column holds them: x1, y1, x2, y2 for every frame.</summary>
    /// <param name="mode">The union repeated, or each frame's own box.</param>
    /// <returns>Four values per frame.</returns>
    public float[] ToValues(BoxMode mode)
    {
        var values = new float[4 * PerFrame.Count];
        for (var i = 0; i < PerFrame.Count; i++)
        {
            var box = mode == BoxMode.Union ? Union : PerFrame[i];
            (values[4 * i], values[(4 * i) + 1], values[(4 * i) + 2], values[(4 * i) + 3]) = (box.X1, box.Y1, box.X2, box.Y2);
        }

        return values;
    }
}
