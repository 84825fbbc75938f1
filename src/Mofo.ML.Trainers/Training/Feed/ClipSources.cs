using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Where training takes its frames from: the videos, or what is kept of them.</summary>
internal static class ClipSources
{
    /// <summary>Frames up to full HD stay as they are.</summary>
    private const int LargestShortSide = 1080;

    /// <summary>The source that the options ask for.</summary>
    /// <param name="options">Input size, memory and folder for frames.</param>
    /// <param name="host">Gets a warning for stored frames that cannot be used, and once for all stages for an unusual video.</param>
    /// <param name="device">Where the network is: a GPU keeps the frames that <see cref="MofoTrainingOptions.ClipMemory"/> is for.</param>
    /// <param name="before">Frames that the training before this one has left.</param>
    public static IClipSource For(MofoTrainingOptions options, StageHost host, Device device, FrameHandover? before = null)
    {
        var source = Of(options, host, device);
        if (source is MemoryClipCache memory && before?.Take() is { } left)
        {
            memory.TakeFrom(left);
        }

        return source;
    }

    private static IClipSource Of(MofoTrainingOptions options, StageHost host, Device device)
    {
        // Crops keep at least half of a side, so one and a half times the input size loses little.
        var reading = new VideoReading(options.VideoLimits, host.Remark, options.CancellationToken);
        var reduction = new FrameReduction(options.Model.ImageSize * 3 / 2);
        return options switch
        {
            { ClipCacheFolder: { } folder } => new DiskClipCache(reduction, folder, host.Warning, reading),
            { ClipMemory: > 0, CutsOnDevice: true } when device.type != DeviceType.CPU => new CardClipCache(reduction, (long)options.ClipMemory << 20, reading, device),
            { ClipMemory: > 0 } => new MemoryClipCache(reduction, (long)options.ClipMemory << 20, reading),

            // Whole frames of HD video and above are more than any crop shows: they are reduced as they are decoded, so that a clip of 4K takes megabytes instead of gigabytes.
            _ => new ClipReader(new FrameReduction(Math.Max(LargestShortSide, 4 * options.Model.ImageSize)), reading),
        };
    }
}
