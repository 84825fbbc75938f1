namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>What a fusion reads beside the tokens.</summary>
internal static class FusionInputs
{
    /// <summary>Whether it distinguishes tokens inside the motion box from those outside; the others need no boxes.</summary>
    public static bool UsesMotionBoxes(this MotionFusion fusion) =>
        fusion is MotionFusion.MultiHeadCrossAttention or MotionFusion.SoftAttention or MotionFusion.WeightedMean;
}
