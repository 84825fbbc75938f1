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
}
