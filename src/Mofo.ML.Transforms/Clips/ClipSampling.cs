namespace Mofo.ML.Transforms;

/// <summary>How a clip is cut from a video.</summary>
public enum ClipSampling
{
    /// <summary>One frame from each of equal segments over the whole video: Something-Something.</summary>
    Uniform,

    /// <summary>Neighbouring frames, a stride apart: Kinetics, EPIC-KITCHENS.</summary>
    Dense,
}
