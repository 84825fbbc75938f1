using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>One step of augmentation: frames and boxes go through together.</summary>
internal interface IClipStep
{
    /// <summary>Takes the clip over: gives it back changed in place, or disposes it and gives a new one.</summary>
    /// <remarks>All frames of a clip are treated alike; all draws come from the given source. Steps keep no state and serve many threads.</remarks>
    Clip Apply(Clip clip, Random random);
}

/// <summary>Steps one after the other.</summary>
internal sealed class ClipSteps(params IReadOnlyList<IClipStep> steps) : IClipStep
{
    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        foreach (var step in steps)
        {
            clip = step.Apply(clip, random);
        }

        return clip;
    }

    /// <summary>Repeated augmentation: several clips from one decoded clip, each with its own draws. The given clip stays the caller's.</summary>
    /// <remarks>Decoding dominates loading, so a second clip of the same frames is cheap (Hoffer et al. 2020).</remarks>
    public Clip[] ApplyRepeated(Clip clip, int repeats, Random random)
    {
        var result = new Clip[repeats];
        for (var i = 0; i < repeats; i++)
        {
            result[i] = Apply(clip.Copy(), random);
        }

        return result;
    }
}
