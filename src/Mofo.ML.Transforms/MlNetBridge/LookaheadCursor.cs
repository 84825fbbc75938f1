using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The cursor of a <see cref="LookaheadView{TResult}"/>: the source's own columns beside results computed ahead.</summary>
internal sealed class LookaheadCursor<TResult>(
    DataViewSchema schema, HashSet<int> active, DataViewRowCursor passed, StageResults<TResult>? results) : DataViewRowCursor
{
    // Results are only moved on when the reader has moved past theirs, and computed only once a value is asked for.
    private long _resultPosition = -1;

    public override long Position => passed.Position;

    public override long Batch => passed.Batch;

    public override DataViewSchema Schema => schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override bool MoveNext() => passed.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => passed.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this cursor.");
        }

        if (column.Index < passed.Schema.Count)
        {
            return passed.GetGetter<TValue>(passed.Schema[column.Index]);
        }

        return results!.Getter(column.Index - passed.Schema.Count, Current) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column '{column.Name}': it has type {column.Type}, asked for {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            results?.Dispose();
            passed.Dispose();
        }

        base.Dispose(disposing);
    }

    private TResult Current()
    {
        while (_resultPosition < passed.Position)
        {
            if (!results!.MoveNext())
            {
                throw new InvalidOperationException(
                    "The input view gave fewer rows when it was read again; it must give the same rows in the same order every time.");
            }

            _resultPosition++;
        }

        return results!.Current;
    }
}
