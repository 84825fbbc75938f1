using System.Collections.Concurrent;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage computes of the rows of a source, from one row on, each result beside the row that it was computed from.</summary>
internal sealed class StageResults<TResult> : IDisposable
{
    private readonly ConcurrentQueue<SourceRow> _given = new();
    private readonly IEnumerator<TResult> _results;
    private readonly SourceRows _rows;
    private SourceRow? _row;

    public StageResults(VideoStage<TResult> stage, SourceRows rows, SourceRow first, StagePass pass)
    {
        _rows = rows;
        _results = stage.Compute(From(first), pass).GetEnumerator();
    }

    /// <summary>The result of a row that is not before the last one asked for. Rows in between are computed too.</summary>
    public TResult Of(SourceRow row)
    {
        while (!ReferenceEquals(_row, row))
        {
            if (!_results.MoveNext() || !_given.TryDequeue(out _row))
            {
                throw new InvalidOperationException(Invariant($"The stage gave no result for row {row.Position}."));
            }
        }

        return _results.Current;
    }

    public void Dispose() => _results.Dispose();

    private IEnumerable<VideoRow> From(SourceRow first)
    {
        for (var row = first; row is not null; row = _rows.After(row))
        {
            _given.Enqueue(row);
            yield return row.Video;
        }
    }
}
