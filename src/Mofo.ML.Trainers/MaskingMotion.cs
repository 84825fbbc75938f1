using Mofo.ML.Trainers;

namespace Mofo.ML.Research;

/// <summary>What <see cref="MofoPretrainingOptions.MotionTemperature"/> takes for the motion of a tube.</summary>
public enum MaskingMotion
{
    /// <summary>The share of its area that the motion boxes cover, averaged over the frames of the clip: boxes come from motion maps, which a moving camera does not deceive.</summary>
    Boxes,

    /// <summary>
    /// How much its pixels change from frame to frame in the sampled clip, after cropping: (e - smallest e of the clip) / largest e, where e is the mean absolute difference between neighbouring frames.
    /// No motion box is needed, and the draw follows the moving thing, not a box around it. The motion of a camera counts as motion.
    /// </summary>
    FrameDifferences,
}
