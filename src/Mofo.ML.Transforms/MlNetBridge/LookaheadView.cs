using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A view with a stage's columns added, computed ahead of the reader: several videos at once, clips in batches.</summary>
/// <param name="source">The view before the stage; every pass opens one cursor on it.</param>
/// <param name="stage">What computes the columns.</param>
/// <param name="schema">The source's columns and the stage's.</param>
/// <param name="rowByRow">The same view without looking ahead: where the stage's columns are not active, and with columns whose values cannot be kept (pictures).</param>
internal sealed class LookaheadView<TResult>(IDataView source, VideoStage<TResult> stage, DataViewSchema schema, IDataView rowByRow) : IDataView
{
    public DataViewSchema Schema => schema;

    /// <summary>Always false: rows are computed ahead in the order of the source.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(c => c.Index).ToHashSet();
        return needed.Any(column => column >= source.Schema.Count) && source.Schema.All(column => !needed.Contains(column.Index) || PassedColumn.CanKeep(column.Type))
            ? new LookaheadCursor<TResult>(schema, needed, source, stage)
            : rowByRow.GetRowCursor(rowByRow.Schema.Where(column => needed.Contains(column.Index)));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
