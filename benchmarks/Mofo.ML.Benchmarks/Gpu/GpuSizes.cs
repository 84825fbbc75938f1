using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>How large the GPU tables are: in full on a card; small, to try the program on a CPU.</summary>
/// <param name="Network">Network of the steps.</param>
/// <param name="NetworkName">Its name in the tables.</param>
/// <param name="Batches">Batches of the steps.</param>
/// <param name="SmallNetwork">Network that is fed from clips on the card.</param>
/// <param name="SmallNetworkName">Its name in the tables.</param>
/// <param name="SmallBatch">Its batch.</param>
/// <param name="Steps">Steps between two looks at the clock.</param>
/// <param name="Rounds">Looks at the clock; the middle one counts.</param>
internal sealed record GpuSizes(VitConfig Network, string NetworkName, int[] Batches, VitConfig SmallNetwork, string SmallNetworkName, int SmallBatch, int Steps, int Rounds)
{
    /// <summary>The size of this name: full, small or profile.</summary>
    public static GpuSizes Of(string name) => name switch
    {
        "small" => Small,
        "profile" => Profile,
        _ => Full,
    };

    private static GpuSizes Full { get; } = new(VitConfig.Base, "ViT-B, 16x224x224", [8, 32], VitConfig.Tiny, "ViT-Ti, 16x112x112", 256, 8, 5);

    /// <summary>A few steps of the large batch, for a profiler (gpu_profile.py).</summary>
    private static GpuSizes Profile => Full with { Batches = [32], Steps = 2, Rounds = 1 };

    private static GpuSizes Small { get; } = new(
        new VitConfig { ImageSize = 64, EmbedDim = 96, Depth = 2, Heads = 3, DecoderDim = 48, DecoderDepth = 1, DecoderHeads = 3 },
        "small", [2, 4], VitConfig.Micro, "Micro, 8x48x48", 8, 2, 2);
}
