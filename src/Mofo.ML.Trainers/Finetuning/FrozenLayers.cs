namespace Mofo.ML.Trainers;

/// <summary>What finetuning leaves as it found it.</summary>
public enum FrozenLayers
{
    /// <summary>Nothing: all weights learn.</summary>
    None,

    /// <summary>The embedding and all blocks: fusion, final norm and head learn on fixed tokens.</summary>
    Encoder,

    /// <summary>Everything but the head: a linear probe on the fused vector. The fusion stays as it started, so <see cref="MotionFusion.None"/> or <see cref="MotionFusion.WeightedMean"/> suit it.</summary>
    AllButHead,

    /// <summary>The embedding and the first <see cref="MofoFinetuningOptions.FrozenBlocks"/> blocks.</summary>
    FirstBlocks,
}
