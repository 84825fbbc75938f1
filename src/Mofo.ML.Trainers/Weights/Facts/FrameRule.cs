using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>How frames become the input of a network: cut, resized, normalised.</summary>
/// <param name="Normalization">Mean, deviation and scale of the pixels.</param>
/// <param name="CropShare">Side of the crop over the short side of the frame, in (0, 1].</param>
/// <param name="Stretch">Whether frames are resized to a square whatever their shape.</param>
internal sealed record FrameRule(PixelNormalization Normalization, double CropShare, bool Stretch)
{
    /// <summary>VideoMAE's: the short side resized to the side of the input, ImageNet's mean and deviation.</summary>
    public static FrameRule VideoMae { get; } = new(PixelNormalization.ImageNet, 1, Stretch: false);

    /// <summary>Where it differs from what the file asks for, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
