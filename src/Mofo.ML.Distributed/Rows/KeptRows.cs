using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Distributed.Rows;

/// <summary>Rows in memory that keep the columns, types and annotations of the view they came from.</summary>
internal sealed class KeptRows : IDataView
{
    private readonly KeptColumn[] _columns;
    private readonly List<long> _numbers = [];

    /// <param name="source">Its visible columns are kept, and hidden single values: labels that keys were made from, which name classes that the keys do not know.</param>
    /// <exception cref="NotSupportedException">A column's values cannot travel.</exception>
    public KeptRows(DataViewSchema source)
    {
        Kept = [.. source.Where(column => !column.IsHidden || column.Type is TextDataViewType or BooleanDataViewType or NumberDataViewType)];
        _columns = [.. Kept.Select(KeptColumn.Of)];
        var builder = new DataViewSchema.Builder();
        foreach (var column in Kept)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        Schema = builder.ToSchema();
    }

    /// <summary>The columns of the source that are kept, in order.</summary>
    public IReadOnlyList<DataViewSchema.Column> Kept { get; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>Numbers of the rows, in the order in which they were taken in.</summary>
    public IReadOnlyList<long> Numbers => _numbers;

    /// <summary>Takes all rows of a view.</summary>
    /// <param name="view">Of the source's schema.</param>
    /// <param name="numberOf">The number, in the whole list, of a row of the view.</param>
    public void Take(IDataView view, Func<int, long> numberOf)
    {
        using var cursor = view.GetRowCursor(Kept);
        var readers = _columns.Zip(Kept, (kept, column) => kept.Reader(cursor, column)).ToList();
        while (cursor.MoveNext())
        {
            readers.ForEach(read => read());
            _numbers.Add(numberOf(_numbers.Count));
        }
    }

    /// <summary>All rows as bytes.</summary>
    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        for (var row = 0; row < _numbers.Count; row++)
        {
            writer.Write(_numbers[row]);
            foreach (var column in _columns)
            {
                column.Write(writer, row);
            }
        }

        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>Adds rows that were written by another rank.</summary>
    public void Add(byte[] bytes)
    {
        using var memory = new MemoryStream(bytes);
        using var reader = new BinaryReader(memory);
        while (memory.Position < memory.Length)
        {
            _numbers.Add(reader.ReadInt64());
            foreach (var column in _columns)
            {
                column.Add(reader);
            }
        }
    }

    public long? GetRowCount() => _numbers.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        // In the order of the list, no matter which rank computed them.
        var order = Enumerable.Range(0, _numbers.Count).ToArray();
        Array.Sort(_numbers.ToArray(), order);
        return new Cursor(this, order, columnsNeeded.Select(column => column.Index).ToHashSet());
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(KeptRows rows, int[] order, HashSet<int> active) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _ended;

        public override long Position => _ended ? -1 : _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => rows.Schema;

        private int Current => Position >= 0 ? order[_position] : throw new InvalidOperationException("The cursor stands at no row: MoveNext was not called, or it returned false.");

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override bool MoveNext()
        {
            _ended = _ended || ++_position == order.Length;
            return !_ended;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this cursor.");
            }

            return rows._columns[column.Index].Getter(() => Current) as ValueGetter<TValue> ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column '{column.Name}': it has type {column.Type}, asked for {typeof(TValue).Name}.");
        }
    }
}
