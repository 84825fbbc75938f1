using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>RandAugment (Cubuk et al. 2020) on clips: every operation does the same to all frames, and boxes follow the geometric ones.</summary>
internal sealed class RandAugment(RandAugmentPolicy policy) : IClipStep
{
    private readonly IReadOnlyList<RandAugmentOperation> _operations = RandAugmentOperation.All(policy.Increasing);

    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        for (var layer = 0; layer < policy.Layers; layer++)
        {
            var operation = _operations[random.Next(_operations.Count)];
            if (random.Chance(policy.Probability))
            {
                clip = operation.Apply(clip, policy.Draw(random), random);
            }
        }

        return clip;
    }
}
