using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>A view that plays what a test wrote down: each pass over it may give other rows, wait, or fail.</summary>
/// <param name="rows">The rows of one pass, given its number from 0.</param>
internal sealed class ScriptedView(Func<int, IEnumerable<ScriptedRow>> rows) : IDataView
{
    private int _passes;

    /// <summary>A view whose rows come in the first pass only.</summary>
    public static ScriptedView Once(IReadOnlyList<ScriptedRow> rows) => new(pass => pass == 0 ? rows : []);

    public DataViewSchema Schema { get; } = MakeSchema();

    public bool CanShuffle => false;

    /// <summary>Cursors that were opened.</summary>
    public int Passes => _passes;

    /// <summary>Cursors that were closed again.</summary>
    public int Closed { get; private set; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(c => c.Index)], rows(_passes++));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema MakeSchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("VideoPath", TextDataViewType.Instance);
        builder.AddColumn("Label", TextDataViewType.Instance);
        builder.AddColumn("Values", new VectorDataViewType(NumberDataViewType.Single));
        return builder.ToSchema();
    }

    private sealed class Cursor(ScriptedView view, HashSet<int> active, IEnumerable<ScriptedRow> rows) : DataViewRowCursor
    {
        private readonly IEnumerator<ScriptedRow> _rows = rows.GetEnumerator();
        private readonly float[] _buffer = new float[1024]; // every row is read from the same memory, as ML.NET's loaders do
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 7;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override bool MoveNext()
        {
            var more = _rows.MoveNext();
            _position = more ? _position + 1 : -1;
            return more;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 5);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.True(IsColumnActive(column), $"{column.Name} was not asked for.");
            Delegate getter = column.Name switch
            {
                "VideoPath" => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> text) => text = _rows.Current.VideoPath.AsMemory()),
                "Label" => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> text) => text = _rows.Current.Label.AsMemory()),
                _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
                {
                    var values = _rows.Current.Values;
                    values.CopyTo(_buffer, 0);
                    var editor = VBufferEditor.Create(ref target, values.Length);
                    _buffer.AsSpan(0, values.Length).CopyTo(editor.Values);
                    target = editor.Commit();
                }),
            };
            return (ValueGetter<TValue>)getter;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _rows.Dispose();
                view.Closed++;
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>A row of a <see cref="ScriptedView"/>.</summary>
internal sealed record ScriptedRow(string VideoPath, string Label = "", params float[] Values);
