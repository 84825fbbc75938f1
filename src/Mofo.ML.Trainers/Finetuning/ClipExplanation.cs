using Mofo.ML.Trainers.Finetuning;
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
    string VideoPath, string ClassName, double Probability, MotionBox Window, int GridSize, IReadOnlyList<ExplainedFrame> Frames)
{
    /// <summary>Writes frames of the clip in two rows: class activation above, attention of the fusion below, with the motion box and the square that the network saw.</summary>
    /// <param name="path">The file, <c>.png</c>, <c>.jpg</c> or <c>.webp</c>; one that is there is replaced.</param>
    /// <exception cref="VideoException">The video cannot be read any more.</exception>
    /// <exception cref="IOException">The file has another ending, or cannot be written.</exception>
    public void SavePicture(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ExplanationOverlay.SaveRows(this, path);
    }

    /// <summary>Writes the whole video with the class activation over it; between two explained frames the map of the nearest one stays.</summary>
    /// <param name="path">The file, <c>.mp4</c> (MPEG-4 part 2) or <c>.avi</c> (Motion JPEG), which players show and browsers do not; one that is there is replaced.</param>
    /// <exception cref="VideoException">The video cannot be read any more.</exception>
    /// <exception cref="IOException">The file has another ending, or cannot be written.</exception>
    public void SaveVideo(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ExplanationOverlay.SaveVideo(this, path);
    }
}
