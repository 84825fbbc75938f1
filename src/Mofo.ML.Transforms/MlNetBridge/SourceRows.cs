using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.Loading;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>
/// The rows of a source, read through one cursor for two readers: the one who reads the view, and the stage, which runs ahead of it. Both see the same rows,
/// also of a source that can be read only once or gives other rows each time.
/// </summary>
/// <remarks>Rows form a chain; what both readers have left behind is freed. Safe for the two on different threads.</remarks>
internal sealed class SourceRows : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ExclusiveUse _reading;
    private readonly StagePass _pass;
    private readonly PassedColumn[] _passed;
    private readonly Func<VideoRow> _video;
    private readonly ValueGetter<DataViewRowId> _id;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <param name="cursor">The source's cursor, which this object disposes of.</param>
    /// <param name="passed">Columns whose values are kept.</param>
    /// <param name="inputs">What the stage reads.</param>
    /// <param name="pass">Stops the source too.</param>
    public SourceRows(DataViewRowCursor cursor, IEnumerable<DataViewSchema.Column> passed, VideoInputs inputs, StagePass pass)
    {
        (_cursor, _reading, _pass) = (cursor, new ExclusiveUse(cursor), pass);
        _passed = [.. passed.Select(column => PassedColumn.Of(cursor, column))];
        _video = inputs.Reader(cursor);
        _id = cursor.GetIdGetter();
    }

    /// <summary>Stands before the first row.</summary>
    public SourceRow Start { get; } = new(-1, 0, default, default, []);

    /// <summary>An ML.NET getter of the passed column with this number.</summary>
    public Delegate Getter(int passed, Func<SourceRow> current) => _passed[passed].Getter(() => current().Passed[passed]);

    /// <summary>The row behind this one, read now unless it was read before; null at the end.</summary>
    public SourceRow? After(SourceRow row) =>
        row.Next ?? _reading.Run(() => row.Next ?? (row.Next = _pass.Reading(Read)));

    public void Dispose() => _reading.Dispose();

    private SourceRow? Read()
    {
        _failure?.Throw();
        try
        {
            if (_ended || !_cursor.MoveNext())
            {
                _ended = true;
                return null;
            }

            var id = default(DataViewRowId);
            _id(ref id);
            return new SourceRow(_cursor.Position, _cursor.Batch, id, _video(), Array.ConvertAll(_passed, column => column.Read()));
        }
        catch (Exception error)
        {
            // A cursor that failed is not called again: the next caller gets the same error.
            _failure = ExceptionDispatchInfo.Capture(StageFailure.Of(error));
            _failure.Throw();
            throw;
        }
    }
}
