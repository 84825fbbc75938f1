namespace Mofo.ML.Trainers;

/// <summary>What a network sees of a clip.</summary>
public enum ClipInput
{
    /// <summary>The pixels, as VideoMAE and MOFO: for weights that were trained on them, and for large data.</summary>
    Pixels,

    /// <summary>
    /// Each pixel minus its mean over the clip, over the root mean square of all these differences in the clip. Constant pixels become 0, and a change counts the
    /// same in a dim recording as in a bright one, so that a network trained on few clips learns movements, not scenes. The motion of a moving camera stays.
    /// </summary>
    /// <remarks>
    /// Ours, no publication's; taking the scene out of few clips' reach is the aim of Wang et al. 2021 (arXiv 2009.05769) too. Weights trained on pixels do not fit it,
    /// nor the other way round. What it brings: docs/recipes.md and examples/PaperInSmall.
    /// </remarks>
    Changes,
}
