using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Changes brightness, contrast and saturation by random factors in random order, the same for all frames of a clip.</summary>
/// <remarks>Factors and order as torchvision's ColorJitter (arXiv 2002.05709, appendix A, uses it so); hue stays. Boxes stay.</remarks>
/// <param name="strength">Each factor is uniform in [1 - strength, 1 + strength]; in [0, 1].</param>
internal sealed class ColorJitter(double strength) : IClipStep
{
    private static readonly Func<Clip, double, Clip>[] Operations = [ToneOperations.Brightness, ToneOperations.Contrast, ToneOperations.Color];

    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        int[] order = [0, 1, 2];
        random.Shuffle(order);
        foreach (var operation in order)
        {
            clip = Operations[operation](clip, random.Uniform(1 - strength, 1 + strength));
        }

        return clip;
    }
}

/// <summary>Takes the colour away from all frames of a clip, with the given probability.</summary>
/// <param name="probability">In [0, 1].</param>
internal sealed class RandomGray(double probability) : IClipStep
{
    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random) => random.Chance(probability) ? ToneOperations.Color(clip, 0) : clip;
}
