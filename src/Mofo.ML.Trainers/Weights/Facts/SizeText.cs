namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>The size of a network in words, for logs and descriptions.</summary>
internal static class SizeText
{
    public static string Of(VitConfig size) => Invariant(
        $"{size.Depth} blocks of width {size.EmbedDim}, {size.Heads} heads, {OfClips(size.Frames, size.ImageSize)}, patches of {size.TubeletSize}x{size.PatchSize}x{size.PatchSize}");

    public static string OfClips(int frames, int side) => Invariant($"{frames} frames of {side} pixels");
}
