using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Masking;

/// <summary>A rule that chooses the hidden tubes of a clip.</summary>
internal interface ITubeMasking
{
    /// <summary>Draws a mask; every clip of one grid gets the same number of hidden tubes, so that clips fit into one batch.</summary>
    /// <param name="grid">The patches of the clip.</param>
    /// <param name="clip">The finished crop and its motion boxes; it stays the caller's.</param>
    /// <param name="random">The only source of chance.</param>
    TubeMask Draw(PatchGrid grid, Clip clip, Random random);
}

/// <summary>A rule that knows of a clip nothing but its motion boxes.</summary>
internal interface IBoxMasking : ITubeMasking
{
    /// <inheritdoc/>
    TubeMask ITubeMasking.Draw(PatchGrid grid, Clip clip, Random random) => Draw(grid, clip.Boxes, random);

    /// <summary>Draws a mask.</summary>
    /// <param name="grid">The patches of the clip.</param>
    /// <param name="boxes">The motion boxes of the sampled frames, in pixels of the clip (after cropping); none when no motion is known.</param>
    /// <param name="random">The only source of chance.</param>
    TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random);
}
