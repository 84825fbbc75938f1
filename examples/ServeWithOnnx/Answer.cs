using System.ComponentModel;

namespace ServeWithOnnx;

/// <summary>What the service says of a video.</summary>
internal sealed record Answer
{
    [Description("The most likely class.")]
    public required string Label { get; init; }

    [Description("Probability of every class, the likeliest first.")]
    public required IReadOnlyList<ClassScore> Scores { get; init; }

    [Description("Whether the clip looks like those that the network was trained on: the highest probability is at least familiarFrom.")]
    public required bool Familiar { get; init; }

    [Description("The lowest probability of the likeliest class at which a clip counts as familiar.")]
    public required double FamiliarFrom { get; init; }

    [Description("Width of the frames in pixels; boxes refer to it.")]
    public required int Width { get; init; }

    [Description("Height of the frames in pixels.")]
    public required int Height { get; init; }

    [Description("Number of frames.")]
    public required int Frames { get; init; }

    [Description("Whether anything but the camera moves. If not, the box is the central half of the frame.")]
    public required bool MotionFound { get; init; }

    [Description("x1, y1, x2, y2 in pixels: the union of the boxes of all frames.")]
    public required float[] MotionBox { get; init; }

    [Description("The box of every frame: x1, y1, x2, y2 in pixels.")]
    public required IReadOnlyList<float[]> FrameBoxes { get; init; }

    [Description("Mean of the motion map of every frame: how much moves, without a unit.")]
    public required IReadOnlyList<float> Motion { get; init; }

    [Description("The middle frame with its box, as a data address (PNG).")]
    public required string Overlay { get; init; }

    [Description("Frames spread over the video as data addresses (JPEG), for browsers that cannot play it; only where the request asks for them (?pictures=true).")]
    public IReadOnlyList<FramePicture>? Pictures { get; init; }
}

/// <summary>One class and its probability.</summary>
internal sealed record ClassScore(string Label, float Score);

/// <summary>One frame: its number, from 0, and the picture as a data address.</summary>
internal sealed record FramePicture(int Index, string Picture);

/// <summary>How far the work on a video is.</summary>
/// <param name="Step"><c>waiting</c>, <c>motion</c> or <c>network</c>.</param>
/// <param name="Done">Frames that are done, in the step <c>motion</c>.</param>
/// <param name="Total">Frames that are expected; the file may declare a wrong number.</param>
internal sealed record WorkState(string Step, int Done, int Total);
