using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>What a classifier saw in one frame of a clip.</summary>
/// <param name="Index">Number of the frame in the video, from 0.</param>
/// <param name="Box">Motion box in pixels of the source frame; empty where none is known.</param>
/// <param name="Activation">
/// Class activation of each cell of the grid, rows from the top, in [0, 1] with 1 the strongest cell of the whole clip; all 0 where nothing speaks for the class.
/// </param>
/// <param name="Attention">Weight of each cell in the fusion, in the same order, in [0, 1] with 1 the largest of the whole clip.</param>
public sealed record ExplainedFrame(int Index, MotionBox Box, IReadOnlyList<float> Activation, IReadOnlyList<float> Attention);
