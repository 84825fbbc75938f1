using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Rows in, one vector per row out: loads views ahead, runs the network on batches of them, averages over the views of a video.</summary>
/// <param name="views">Which views.</param>
/// <param name="batch">Clips in one pass of the network.</param>
/// <param name="workers">Decode threads.</param>
internal sealed class ViewScorer(IViewSource views, int batch, int workers)
{
    /// <summary>Takes the views of videos that a stage upstream decodes; for one pass.</summary>
    /// <param name="limits">How large the videos may be.</param>
    public IFrameAudience? NewAudience(VideoLimits limits) => views.Passing(limits);

    /// <summary>The averaged outputs in the order of the rows; null for a video that was skipped.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="pass">When to stop, and where to report.</param>
    /// <param name="network">Views to their outputs, [V] -> [V][K]; at most a batch at a time.</param>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public IEnumerable<float[]?> Score(IEnumerable<VideoRow> rows, StagePass pass, Func<IReadOnlyList<ViewClip>, float[][]> network)
    {
        var loader = new ViewLoader(views, workers);
        var waiting = new List<LoadedViews>();
        try
        {
            foreach (var video in loader.Load(rows, pass, ahead: Math.Max(workers, 2 * batch / views.Count) + 1))
            {
                waiting.Add(video);
                if (waiting.Sum(v => v.Views.Count) >= batch)
                {
                    foreach (var result in Average(waiting, network))
                    {
                        yield return result;
                    }
                }
            }

            foreach (var result in Average(waiting, network))
            {
                yield return result;
            }
        }
        finally
        {
            waiting.ForEach(video => video.Dispose());
        }
    }

    /// <summary>The outputs of all videos that wait; none of them waits afterwards.</summary>
    private List<float[]?> Average(List<LoadedViews> videos, Func<IReadOnlyList<ViewClip>, float[][]> network)
    {
        try
        {
            var outputs = videos.SelectMany(video => video.Views).Chunk(batch)
                .SelectMany(network).ToList();
            var next = 0;
            return videos.ConvertAll(video =>
            {
                var own = outputs.GetRange(next, video.Views.Count);
                next += own.Count;
                return own.Count == 0 ? null : ViewMean.Of(own);
            });
        }
        finally
        {
            videos.ForEach(video => video.Dispose());
            videos.Clear();
        }
    }
}
