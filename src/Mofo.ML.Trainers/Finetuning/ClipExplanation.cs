using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Where in a clip a classifier found a class: for the middle clip of a video and its middle square.</summary>
/// <param name="VideoPath">The video.</param>
/// <param name="ClassName">The class that was asked for, else the one that this clip scores highest.</param>
/// <param name="Probability">What this one view gives the class, in [0, 1]; the transformer's <c>Score</c> is the mean over all test views.</param>
/// <param name="Window">The square that the network saw, in pixels of the source frame.</param>
/// <param name="GridSize">Cells per side of the maps, which divide <paramref name="Window"/> evenly.</param>
/// <param name="Frames">The frames that the network saw, in order. The frames of one tubelet (usually two) share their maps.</param>
public sealed record ClipExplanation(
    string VideoPath, string ClassName, double Probability, MotionBox Window, int GridSize, IReadOnlyList<ExplainedFrame> Frames);
