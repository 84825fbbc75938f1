using Mofo.ML.Transforms;

namespace Mofo.ML.Research;

/// <summary>Which frame of a segment finetuning takes where clips are cut by segment (<see cref="ClipSampling.Uniform"/>).</summary>
public enum SegmentFrame
{
    /// <summary>Any, each as likely; the segments cover the whole video.</summary>
    Anywhere,

    /// <summary>The middle, moved at random by up to half a segment to either side: the rule of the original for EPIC-KITCHENS.</summary>
    AroundMiddle,

    /// <summary>
    /// As the original for Something-Something: segments of a whole number of frames, so that the frames left over at the end are never seen (of a video of 31 frames
    /// and 16 segments, the last 15). To compare with its figures.
    /// </summary>
    Released,
}
