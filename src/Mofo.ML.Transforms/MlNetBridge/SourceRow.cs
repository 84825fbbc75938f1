using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>One row of a source as it was read: everything that the reader, or the stage, may still ask of it after the cursor has gone on.</summary>
/// <param name="Position">Number of the row, from 0.</param>
/// <param name="Batch">ML.NET's batch number.</param>
/// <param name="Id">ML.NET's row identifier.</param>
/// <param name="Video">What the stage reads.</param>
/// <param name="Passed">Values of the passed columns.</param>
internal sealed record SourceRow(long Position, long Batch, DataViewRowId Id, VideoRow Video, object[] Passed)
{
    private volatile SourceRow? _next;

    /// <summary>The row behind this one, once it has been read.</summary>
    public SourceRow? Next
    {
        get => _next;
        set => _next = value;
    }
}
