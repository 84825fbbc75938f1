using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The cursor of a <see cref="LookaheadView{TResult}"/>: the source's own columns beside results computed ahead, over one cursor of the source.</summary>
internal sealed class LookaheadCursor<TResult> : DataViewRowCursor
{
    private readonly VideoStage<TResult> _stage;
    private readonly IReadOnlyList<OutputColumn<TResult>> _outputs;
    private readonly int _sourceColumns;
    private readonly int[] _passed;
    private readonly HashSet<int> _active;
    private readonly StagePass _pass;
    private readonly SourceRows _rows;
    private StageResults<TResult>? _results;
    private SourceRow? _current;
    private bool _ended;
    private bool _disposed;

    public LookaheadCursor(DataViewSchema schema, HashSet<int> active, IDataView source, VideoStage<TResult> stage)
    {
        (Schema, _active, _stage, _sourceColumns) = (schema, active, stage, source.Schema.Count);
        _passed = [.. active.Where(column => column < _sourceColumns).Order()];
        _outputs = stage.Outputs(source.Schema);
        _pass = stage.StartPass();
        var passed = _passed.Select(column => source.Schema[column]).ToList();
        try
        {
            var needed = passed.Concat(stage.Inputs.Columns(source.Schema)).DistinctBy(column => column.Index);
            var cursor = _pass.Reading(() => source.GetRowCursor(needed));
            _rows = new SourceRows(cursor, passed, stage.Inputs, _pass);
        }
        catch
        {
            _pass.Dispose();
            throw;
        }
    }

    public override long Position => _ended ? -1 : _current?.Position ?? -1;

    public override long Batch => Current.Batch;

    public override DataViewSchema Schema { get; }

    private SourceRow Current => _current ?? throw new InvalidOperationException("The cursor stands at no row: MoveNext was not called, or it returned false.");

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        _current = _rows.After(_current ?? _rows.Start);
        if (_current is null)
        {
            // The stage says now what it has to say at the end of a pass.
            _ended = true;
            _results?.Dispose();
            _pass.Report();
        }

        return !_ended;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = Current.Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this cursor.");
        }

        var getter = column.Index < _sourceColumns
            ? _rows.Getter(Array.IndexOf(_passed, column.Index), () => Current)
            : _outputs[column.Index - _sourceColumns].Getter(Result);
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': it has type {column.Type}, asked for {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;

            // First the word to stop, which reaches the stages upstream; then the wait for those who stop.
            _pass.Cancel();
            _results?.Dispose();
            _rows.Dispose();
            _pass.Report();
            _pass.Dispose();
        }

        base.Dispose(disposing);
    }

    // Nothing is computed before a value is asked for.
    private TResult Result() => (_results ??= new StageResults<TResult>(_stage, _rows, Current, _pass)).Of(Current);
}
