namespace Mofo.ML.Transforms.Clips;

/// <summary>One row of the data: the video, its motion boxes, and its number for error messages.</summary>
/// <param name="VideoPath">File or folder of images.</param>
/// <param name="MotionBoxes">x1, y1, x2, y2 in source pixels: of every frame, of the whole video (4 values), or none (0 values).</param>
/// <param name="Row">Row number, null when there is none.</param>
internal readonly record struct ClipSource(string VideoPath, ReadOnlyMemory<float> MotionBoxes, long? Row = null);

/// <summary>Gives the sampled frames of videos; the place for a cache of decoded clips in front of <see cref="ClipReader"/>.</summary>
internal interface IClipSource
{
    /// <summary>One clip: the frames that `sample` picks, given the video's number of frames.</summary>
    Clip Read(ClipSource source, Func<int, int[]> sample);

    /// <summary>Several clips of one video in one pass.</summary>
    Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample);
}
