using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The results of a stage over a whole view, in order, read through a cursor of their own that runs ahead.</summary>
internal sealed class StageResults<TResult> : IDisposable
{
    private readonly DataViewRowCursor _ahead;
    private readonly Func<VideoRow> _read;
    private readonly IReadOnlyList<OutputColumn<TResult>> _outputs;
    private readonly IEnumerator<TResult> _results;

    public StageResults(IDataView source, VideoStage<TResult> stage)
    {
        _ahead = source.GetRowCursor(stage.Inputs.Columns(source.Schema));
        _read = stage.Inputs.Reader(_ahead);
        _outputs = stage.Outputs(source.Schema);
        _results = stage.Compute(Rows()).GetEnumerator();
    }

    public TResult Current => _results.Current;

    public Delegate Getter(int output, Func<TResult> current) => _outputs[output].Getter(current);

    public bool MoveNext() => _results.MoveNext();

    public void Dispose()
    {
        _results.Dispose();
        _ahead.Dispose();
    }

    private IEnumerable<VideoRow> Rows()
    {
        while (_ahead.MoveNext())
        {
            yield return _read();
        }
    }
}
