namespace Mofo.ML.Trainers;

/// <summary>How a clip is cut from a video.</summary>
public enum ClipSampling
{
    /// <summary>One frame from each of equal segments over the whole video: Something-Something.</summary>
    Uniform,

    /// <summary>Neighbouring frames, <see cref="MofoTrainingOptions.FrameStride"/> apart: Kinetics, EPIC-KITCHENS.</summary>
    Dense,
}
