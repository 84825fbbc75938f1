using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Rows in, their test views out, in order and loaded ahead: the one way of pixels into a network, whatever runs the network.</summary>
/// <param name="views">Which views.</param>
/// <param name="workers">Decode threads.</param>
internal sealed class ViewLoader(IViewSource views, int workers)
{
    /// <summary>The views of every row, none for a video that was skipped; the caller disposes them.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="pass">When to stop, and where to report.</param>
    /// <param name="ahead">How many videos may be loaded or loading.</param>
    public IEnumerable<LoadedViews> Load(IEnumerable<VideoRow> rows, StagePass pass, int ahead) =>
        VideoWork.Run(rows, pass, (row, cancel) => new LoadedViews(views.Load(new ClipSource(row.Path, row.Boxes, row.Row, row.Owner), pass.VideoReading, pass.Audience as PassingViews, cancel)), workers, ahead)
            .Select(video => video ?? new LoadedViews([]));
}
