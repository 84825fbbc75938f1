using System.Collections.Concurrent;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Rows in, their test views out, in order and loaded ahead: the one way of pixels into a network, whatever runs the network.</summary>
/// <param name="host">Log.</param>
/// <param name="views">Which views.</param>
/// <param name="workers">Decode threads.</param>
/// <param name="onBadVideo">Throw, or give no views for the row.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class ViewLoader(StageHost host, ScoringViews views, int workers, BadVideoHandling onBadVideo, VideoReading? reading = null)
{
    /// <summary>The views of every row; the caller disposes them.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="ahead">How many videos may be loaded or loading.</param>
    public IEnumerable<LoadedViews> Load(IEnumerable<VideoRow> rows, int ahead)
    {
        var pending = new ConcurrentDictionary<int, VideoRow>();
        var orders = rows.Select((row, index) =>
        {
            pending[index] = row;
            return new ClipOrder(0, index);
        });
        var settings = new ClipLoaderOptions { Workers = workers, Ahead = ahead };
        using var loader = new ClipLoader<LoadedViews>(orders, (order, _, cancel) => LoadOne(pending, order, cancel), settings);
        while (loader.TryNext(out var video))
        {
            yield return video;
        }
    }

    private LoadedViews LoadOne(ConcurrentDictionary<int, VideoRow> pending, ClipOrder order, CancellationToken cancel)
    {
        _ = pending.TryRemove(order.Item, out var row);
        try
        {
            return new LoadedViews(views.Load(new ClipSource(row.Path, row.Boxes, row.Row), reading, cancel));
        }
        catch (VideoException e) when (onBadVideo == BadVideoHandling.Skip)
        {
            host.Warning(e.Message);
            return new LoadedViews([]);
        }
    }
}
