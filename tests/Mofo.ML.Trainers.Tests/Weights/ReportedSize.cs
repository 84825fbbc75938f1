namespace Mofo.ML.Trainers.Tests.Weights;

/// <summary>Size of the networks among the reported cases.</summary>
internal static class ReportedSize
{
    public static readonly VitConfig Config = new()
    {
        ImageSize = 64,
        PatchSize = 16,
        Frames = 16,
        EmbedDim = 48,
        Depth = 2,
        Heads = 3,
        DecoderDim = 24,
        DecoderDepth = 1,
        DecoderHeads = 3,
    };
}
