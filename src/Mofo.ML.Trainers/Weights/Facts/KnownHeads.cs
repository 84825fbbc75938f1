namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>The number of attention heads that the shapes of tensors do not determine.</summary>
internal static class KnownHeads
{
    /// <summary>Usual width of a head where the network is no published one.</summary>
    private const int HeadWidth = 64;

    /// <summary>
    /// Width and heads of the published encoders: ViT-Tiny to ViT-Large have 64 values a head (Dosovitskiy et al. 2021, table 1; Touvron et al. 2021), ViT-Huge 80,
    /// VideoMAE V2's giant 88 (arXiv 2303.16727, appendix).
    /// </summary>
    private static readonly Dictionary<int, int> Encoders = new() { [192] = 3, [384] = 6, [768] = 12, [1024] = 16, [1280] = 16, [1408] = 16 };

    /// <summary>The same of VideoMAE's decoders: 192, 384, 512 and 640 wide for small, base, large and huge.</summary>
    private static readonly Dictionary<int, int> Decoders = new() { [192] = 3, [384] = 6, [512] = 8, [640] = 8 };

    /// <summary>Null where the width is neither a published one nor a multiple of 64.</summary>
    public static int? OfEncoder(int width) => Of(Encoders, width);

    /// <inheritdoc cref="OfEncoder"/>
    public static int? OfDecoder(int width) => Of(Decoders, width);

    private static int? Of(Dictionary<int, int> known, int width) => known.TryGetValue(width, out var heads) ? heads : width % HeadWidth == 0 ? width / HeadWidth : null;
}
