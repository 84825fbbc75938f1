namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Clips on their way through the network; disposing it gives their buffers back.</summary>
internal sealed record ClipBatch<TClip>(List<TClip> Clips) : IDisposable
    where TClip : ITrainingClip
{
    public IReadOnlyList<string> VideoPaths => [.. Clips.Select(clip => clip.VideoPath)];

    public void Dispose() => Clips.ForEach(clip => clip.Dispose());
}
