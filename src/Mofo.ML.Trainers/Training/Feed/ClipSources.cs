using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Where training takes its frames from: the videos, or what is kept of them.</summary>
internal static class ClipSources
{
    /// <summary>The source that the options ask for.</summary>
    /// <param name="options">Input size, memory and folder for frames.</param>
    /// <param name="warning">Told about stored frames that cannot be used.</param>
    public static IClipSource For(MofoTrainingOptions options, Action<string> warning)
    {
        // Crops keep at least half of a side, so one and a half times the input size loses little.
        var reduction = new FrameReduction(options.Model.ImageSize * 3 / 2);
        return options switch
        {
            { ClipCacheFolder: { } folder } => new StoredClips(reduction, folder, warning),
            { ClipMemory: > 0 } => new RememberedClips(reduction, (long)options.ClipMemory << 20),
            _ => new ClipReader(),
        };
    }
}
