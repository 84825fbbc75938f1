using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Gives the views of a video that a network scores: decoded each time (<see cref="ScoringViews"/>) or kept (<see cref="RememberedViews"/>).</summary>
internal interface IViewSource
{
    /// <summary>Views per video.</summary>
    int Count { get; }

    /// <summary>Takes views from stages upstream that decode the videos anyway; null where that is not done.</summary>
    /// <param name="limits">How large the videos may be.</param>
    PassingViews? Passing(VideoLimits limits) => null;

    /// <summary>All views of a video, every crop of the first segment, then of the second, and so on. Called on several threads.</summary>
    /// <param name="source">Video and boxes.</param>
    /// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
    /// <param name="passing">Where the views may have been taken already; null for nowhere.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    ViewClip[] Load(ClipSource source, VideoReading? reading = null, PassingViews? passing = null, CancellationToken cancel = default);
}
