using System.Collections.Concurrent;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Rows in, one vector per row out: loads views ahead, runs the network on batches of them, averages over the views of a video.</summary>
/// <param name="host">Log.</param>
/// <param name="views">Which views.</param>
/// <param name="batch">Clips in one pass of the network.</param>
/// <param name="workers">Decode threads.</param>
/// <param name="onBadVideo">Throw, or give null for the row.</param>
internal sealed class ViewScorer(StageHost host, ScoringViews views, int batch, int workers, BadVideoHandling onBadVideo)
{
    /// <summary>The averaged outputs in the order of the rows; null for a video that cannot be read.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="network">Views to their outputs, [V] -> [V][K]; at most a batch at a time.</param>
    public IEnumerable<float[]?> Score(IEnumerable<VideoRow> rows, Func<IReadOnlyList<ViewClip>, float[][]> network)
    {
        var pending = new ConcurrentDictionary<int, VideoRow>();
        var orders = rows.Select((row, index) =>
        {
            pending[index] = row;
            return new ClipOrder(0, index);
        });
        var settings = new ClipLoaderOptions { Workers = workers, Ahead = Math.Max(workers, 2 * batch / views.Count) + 1 };
        using var loader = new ClipLoader<LoadedVideo>(orders, (order, _, _) => Load(pending, order), settings);
        var videos = new List<LoadedVideo>();
        while (loader.TryNext(out var video))
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

    private LoadedVideo Load(ConcurrentDictionary<int, VideoRow> pending, ClipOrder order)
    {
        _ = pending.TryRemove(order.Item, out var row);
        try
        {
            return new LoadedVideo(views.Load(new ClipSource(row.Path, row.Boxes, row.Row)));
        }
        catch (VideoException e) when (onBadVideo == BadVideoHandling.Skip)
        {
            host.Warning(e.Message);
            return new LoadedVideo([]);
        }
    }

    private List<float[]?> Average(List<LoadedVideo> videos, Func<IReadOnlyList<ViewClip>, float[][]> network)
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
                return own.Count == 0 ? null : Mean(own);
            });
        }
        finally
        {
            videos.ForEach(video => video.Dispose());
        }
    }

    private static float[] Mean(List<float[]> rows)
    {
        var mean = new float[rows[0].Length];
        for (var k = 0; k < mean.Length; k++)
        {
            mean[k] = (float)rows.Average(row => (double)row[k]);
        }

        return mean;
    }

    private sealed record LoadedVideo(IReadOnlyList<ViewClip> Views) : IDisposable
    {
        public void Dispose()
        {
            foreach (var view in Views)
            {
                view.Dispose();
            }
        }
    }
}
