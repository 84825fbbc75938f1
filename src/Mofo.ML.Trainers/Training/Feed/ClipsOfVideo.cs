using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>The clips that one video gave: decoded once, cut several times where <c>ClipsPerVideo</c> asks for it.</summary>
internal sealed record ClipsOfVideo<TClip>(IReadOnlyList<TClip> Clips) : IDisposable
    where TClip : ITrainingClip
{
    public void Dispose()
    {
        foreach (var clip in Clips)
        {
            clip.Dispose();
        }
    }
}

/// <summary>Cuts clips from videos.</summary>
internal static class ClipsOfVideo
{
    /// <summary>Several clips of one video in one pass of decoding; if one fails, none is left behind.</summary>
    /// <param name="reader">Where frames come from.</param>
    /// <param name="source">The video.</param>
    /// <param name="options">How many clips, and whether they show the same frames.</param>
    /// <param name="sample">Number of frames to the indices of one clip; called once for each, or once for all.</param>
    /// <param name="finish">Takes the raw clip over and makes the finished one.</param>
    public static IReadOnlyList<TClip> Make<TClip>(IClipSource reader, ClipSource source, MofoTrainingOptions options, Func<int, int[]> sample, Func<Clip, TClip> finish)
        where TClip : ITrainingClip
    {
        var count = options.ClipsPerVideo;
        var read = reader.ReadViews(source, frames =>
            options.ClipsShareFrames ? [.. Enumerable.Repeat(sample(frames), count)] : [.. Enumerable.Range(0, count).Select(_ => sample(frames))]);
        var finished = new List<TClip>(count);
        try
        {
            foreach (var clip in read)
            {
                finished.Add(finish(clip));
            }
        }
        catch
        {
            finished.ForEach(clip => clip.Dispose());
            throw;
        }

        return finished;
    }
}
