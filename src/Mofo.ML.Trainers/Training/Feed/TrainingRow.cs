using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>What a trainer keeps of a row: it reads the view once and loads clips by itself from then on.</summary>
/// <param name="Source">Video, boxes, row number.</param>
/// <param name="Label">Class from 0; -1 where the label is missing.</param>
/// <param name="Weight">How much the row counts beside others, at least 0.</param>
internal readonly record struct TrainingRow(ClipSource Source, int Label, float Weight = 1)
{
    /// <summary>Reads all rows once; detection upstream happens here.</summary>
    /// <param name="data">The view.</param>
    /// <param name="inputs">Video and motion columns, already checked.</param>
    /// <param name="labelColumn">A key column, or null for no labels.</param>
    /// <param name="weights">Weights, already checked, or null for equal ones.</param>
    /// <param name="cancellation">Stops the reading, and the stages upstream with it.</param>
    /// <exception cref="Mofo.ML.Transforms.VideoException">A stage upstream cannot read a video; bare, whatever stages of ML.NET lie between.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static List<TrainingRow> ReadAll(
        IDataView data, VideoInputs inputs, string? labelColumn, WeightColumn? weights, StageCancellation cancellation)
    {
        try
        {
            return cancellation.Reading(() => ReadAll(data, inputs, labelColumn, weights, cancellation.Token));
        }
        catch (Exception error) when (StageFailure.Of(error) is var found && found != error)
        {
            ExceptionDispatchInfo.Throw(found);
            throw;
        }
    }

    private static List<TrainingRow> ReadAll(IDataView data, VideoInputs inputs, string? labelColumn, WeightColumn? weights, CancellationToken cancel)
    {
        var columns = inputs.Columns(data.Schema).ToList();
        if (labelColumn is not null)
        {
            columns.Add(data.Schema[labelColumn]);
        }

        if (weights is not null)
        {
            columns.Add(data.Schema[weights.Name]);
        }

        using var cursor = data.GetRowCursor(columns);
        var read = inputs.Reader(cursor);
        var label = labelColumn is null ? () => 0u : KeyGetter(cursor, data.Schema[labelColumn]);
        var weight = weights?.Reader(cursor) ?? (() => 1f);
        var rows = new List<TrainingRow>();
        while (cursor.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            var row = read();
            rows.Add(new TrainingRow(new ClipSource(row.Path, row.Boxes, row.Row, row.Owner), (int)label() - 1, weight()));
        }

        return rows;
    }

    /// <summary>Reads a key column of any width; 0 stands for missing.</summary>
    public static Func<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(byte))
        {
            return Widened<byte>(row, column, v => v);
        }

        if (column.Type.RawType == typeof(ushort))
        {
            return Widened<ushort>(row, column, v => v);
        }

        return column.Type.RawType == typeof(ulong)
            ? Widened<ulong>(row, column, v => checked((uint)v))
            : Widened<uint>(row, column, v => v);
    }

    private static Func<uint> Widened<T>(DataViewRow row, DataViewSchema.Column column, Func<T, uint> widen)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }
}
