namespace ServeWithOnnx;

/// <summary>What the service says of a video.</summary>
/// <param name="Label">The most likely class.</param>
/// <param name="Scores">Probability of every class, the likeliest first.</param>
/// <param name="Width">Width of the frames, which boxes refer to.</param>
/// <param name="Height">Height of the frames.</param>
/// <param name="Frames">Number of frames.</param>
/// <param name="MotionFound">Whether anything but the camera moves; else boxes are the documented fall-back.</param>
/// <param name="MotionBox">x1, y1, x2, y2: the union over the video, pixels.</param>
/// <param name="FrameBoxes">The box of every frame.</param>
/// <param name="Overlay">The middle frame with its box, as a data address (PNG).</param>
internal sealed record Answer(
    string Label, IReadOnlyList<ClassScore> Scores, int Width, int Height, int Frames, bool MotionFound, float[] MotionBox, IReadOnlyList<float[]> FrameBoxes, string Overlay);

/// <summary>One class and its probability.</summary>
internal sealed record ClassScore(string Label, float Score);
