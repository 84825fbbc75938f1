namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What every stage reads of a row: the video and, where the stage has a motion column, its boxes.</summary>
/// <param name="Row">Position of the row in its view, from 0.</param>
/// <param name="Path">The video file, or the address of a <see cref="VideoSegment"/>.</param>
/// <param name="Boxes">x1, y1, x2, y2 for every frame in pixels of the source frame; empty where no box is known.</param>
/// <param name="Owner">Keeps the file as long as the row is referenced; null for a file of the user's.</param>
internal readonly record struct VideoRow(long Row, string Path, float[] Boxes, object? Owner = null);
