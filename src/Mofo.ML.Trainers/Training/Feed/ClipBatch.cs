using Mofo.ML.Trainers.Training.World;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Clips on their way through the network; disposing it gives their buffers back.</summary>
internal sealed record ClipBatch<TClip>(List<TClip> Clips) : IDisposable
    where TClip : ITrainingClip
{
    /// <summary>Which part of the batch of all processes this is; null for all of it.</summary>
    public BatchShare? Share { get; init; }

    /// <summary>Clips of the batch on all processes together.</summary>
    public int Total => Share?.Total ?? Clips.Count;

    public IReadOnlyList<string> VideoPaths => [.. Clips.Select(clip => clip.VideoPath)];

    public void Dispose() => Clips.ForEach(clip => clip.Dispose());
}
