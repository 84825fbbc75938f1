using Mofo.ML.Trainers;

namespace TrainOnManyMachines.Planning;

/// <summary>Figures that the predictions of docs/scale.md start from; each says where it comes from.</summary>
internal static class KnownFigures
{
    /// <summary>Kinetics-400 as VideoMAE pretrained on it.</summary>
    public const double KineticsVideos = 240_436;

    /// <summary>Something-Something V2, training split.</summary>
    public const double SomethingVideos = 168_913;

    /// <summary>
    /// Our loader, a clip of 16 frames of 426x240 h264 video, decoded, cropped, resized (benchmarks/RESULTS.md, "On a GPU"): 16 decode threads on the 16 cores beside the H200 gave 125 clips/s, 0.128 s of a core each.
    /// One core of the CPU tables' machine, alone, takes 0.034 s; why 16 threads together are slower is not known.
    /// </summary>
    public const double OurDecodeSeconds = 16 / 125.0;

    /// <summary>VideoMAE's loader, fitted to one figure: 27 hours for 240,436 videos and 800 epochs on 64 V100 (github.com/MCG-NJU/VideoMAE, issue 5) with 5 cores a GPU (DGX-1: 40 cores, 8 GPUs).</summary>
    public const double TheirDecodeSeconds = 5 * 27 * 3600.0 * 64 / (KineticsVideos * 800);

    /// <summary>Bytes of a video: Something-Something V2 is some 20 GB for 220,847 videos.</summary>
    public const double SomethingBytes = 20e9 / 220_847;

    /// <summary>Eight V100 with NVLink and four InfiniBand EDR adapters. 125 TFLOP/s by data sheet; 9.7 are about HuggingFace's figure of unfused attention on an H200 (130 ms for 32 clips) by the ratio of memory bandwidths, 0.9 to 4.8 TB/s.</summary>
    public static Cluster V100 { get; } = new("8 x V100, InfiniBand EDR", 8, 5, 9.7, 60, 40, 2000);

    /// <summary>
    /// Eight H200: 701 clips/s of the ViT-B pretraining step at batch 32 (benchmarks/RESULTS.md) are 142 TFLOP/s. NCCL over NVLink some 300 GB/s, eight adapters of 400 Gbit/s at 80 %.
    /// </summary>
    public static Cluster H200WithNccl { get; } = new("8 x H200, NVLink and 8 x 400 Gbit/s, NCCL", 8, 12, 142, 300, 320, 5000);

    /// <summary>The same, gradients through memory and MPI: 1.1 GB/s for each process as measured between two processes (100 MB in 90 ms).</summary>
    public static Cluster H200ThroughMemory { get; } = new("8 x H200, gradients through memory, 100 Gbit/s", 8, 12, 142, 1.1, 10, 5000);

    /// <summary>The pretraining of the paper on Something-Something V2 with our loader.</summary>
    public static TrainingJob Something(string name, VitConfig network) =>
        TrainingJob.Pretraining(name, network, SomethingVideos, 800, 1024, OurDecodeSeconds, SomethingBytes);

    /// <summary>VideoMAE's pretraining on Kinetics-400 with its loader.</summary>
    public static TrainingJob KineticsAsPublished { get; } = TrainingJob.Pretraining("ViT-B, Kinetics-400", VitConfig.Base, KineticsVideos, 800, 1024, TheirDecodeSeconds, 0.6e6);

    /// <summary>VideoMAE's pretraining on UCF101, 9,537 videos, 3,200 epochs, batch 192: smaller pictures (320x240 against 340x256) decode as much faster.</summary>
    public static TrainingJob Ucf101AsPublished { get; } = TrainingJob.Pretraining(
        "ViT-B, UCF101", VitConfig.Base, 9537, 3200, 192, TheirDecodeSeconds * (320 * 240) / (340 * 256), 0.5e6);
}
