using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Rows in, one vector per row out: loads views ahead, runs the network on batches of them, averages over the views of a video.</summary>
/// <param name="host">Log.</param>
/// <param name="views">Which views.</param>
/// <param name="batch">Clips in one pass of the network.</param>
/// <param name="workers">Decode threads.</param>
/// <param name="onBadVideo">Throw, or give null for the row.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class ViewScorer(StageHost host, ScoringViews views, int batch, int workers, BadVideoHandling onBadVideo, VideoReading? reading = null)
{
    /// <summary>The averaged outputs in the order of the rows; null for a video that cannot be read.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="network">Views to their outputs, [V] -> [V][K]; at most a batch at a time.</param>
    public IEnumerable<float[]?> Score(IEnumerable<VideoRow> rows, Func<IReadOnlyList<ViewClip>, float[][]> network)
    {
        var loader = new ViewLoader(host, views, workers, onBadVideo, reading);
        var videos = new List<LoadedViews>();
        foreach (var video in loader.Load(rows, ahead: Math.Max(workers, 2 * batch / views.Count) + 1))
        {
            videos.Add(video);
            if (videos.Sum(v => v.Views.Count) >= batch)
            {
                foreach (var result in Average(videos, network))
                {
                    yield return result;
                }

                videos.Clear();
            }
        }

        foreach (var result in Average(videos, network))
        {
            yield return result;
        }
    }

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
        }
    }
}
