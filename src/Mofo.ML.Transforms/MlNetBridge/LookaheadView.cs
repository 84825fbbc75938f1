using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A view with a stage's columns added, computed ahead of the reader: several videos at once, clips in batches.</summary>
internal sealed class LookaheadView<TResult>(IDataView source, VideoStage<TResult> stage, DataViewSchema schema) : IDataView
{
    public DataViewSchema Schema => schema;

    /// <summary>Always false: rows are computed ahead in the order of the source.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(c => c.Index).ToHashSet();
        var passed = source.GetRowCursor(source.Schema.Where(c => needed.Contains(c.Index)));
        var added = Enumerable.Range(source.Schema.Count, schema.Count - source.Schema.Count).Any(needed.Contains);
        return new LookaheadCursor<TResult>(schema, needed, passed, added ? new StageResults<TResult>(source, stage) : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
