namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What belongs to a run of a stage and not to the stage itself: a saved model does not hold it, and it can be given again.</summary>
/// <param name="CancellationToken">Stops the work.</param>
/// <param name="Warning">Told what the log is told as a warning; null for nobody.</param>
/// <param name="Progress">Told about every video that is done; null for nobody.</param>
internal sealed record RunSettings(
    CancellationToken CancellationToken = default, Action<string>? Warning = null, IProgress<VideoProgress>? Progress = null);
