using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Distributed.Rows;

/// <summary>The rows of a view that this rank is given, one by one, in the order of the view. Read once, by one cursor.</summary>
internal sealed class HandedOutView(IDataView source, RowDispenser dispenser, Action<long> told) : IDataView
{
    private readonly List<long> _given = [];

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    /// <summary>Numbers of the rows that were given so far, in their order.</summary>
    public IReadOnlyList<long> Given => _given;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, source.GetRowCursor(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private bool MoveToNext(DataViewRowCursor cursor, ref long position)
    {
        if (dispenser.Next() is not { } row)
        {
            return false;
        }

        for (; position < row; position++)
        {
            if (!cursor.MoveNext())
            {
                dispenser.Finish();
                return false;
            }
        }

        _given.Add(row);
        told(row);
        return true;
    }

    private sealed class Cursor(HandedOutView view, DataViewRowCursor source) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _ended;

        /// <summary>The position in the whole view, so that messages name the row of the list.</summary>
        public override long Position => _ended ? -1 : _position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool MoveNext()
        {
            _ended = _ended || !view.MoveToNext(source, ref _position);
            return !_ended;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
