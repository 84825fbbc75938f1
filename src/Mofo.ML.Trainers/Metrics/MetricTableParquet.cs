using Microsoft.Data.Analysis;
using Mofo.ML.Transforms.Files;
using Parquet;
using Parquet.Schema;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>A table of metrics as Apache Parquet: the columns that such tables have, text, Int32 and Double, all of which may hold nulls.</summary>
internal static class MetricTableParquet
{
    /// <exception cref="ArgumentException">A column holds another type.</exception>
    public static void Save(DataFrame table, string path)
    {
        DataField[] fields = [.. table.Columns.Select(column => new DataField(column.Name, TypeOf(column), true))];
        AtomicFile.Write(path, stream => WriteAsync(table, fields, stream).GetAwaiter().GetResult());
    }

    private static async Task WriteAsync(DataFrame table, DataField[] fields, Stream stream)
    {
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, null, false, CancellationToken.None).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (column, field) in table.Columns.Zip(fields))
            {
                await (column switch
                {
                    StringDataFrameColumn texts => group.WriteAsync(field, (string[])[.. texts], null),
                    Int32DataFrameColumn numbers => WriteAsync(group, field, numbers),
                    DoubleDataFrameColumn numbers => WriteAsync(group, field, numbers),
                    _ => throw Unsupported(column),
                }).ConfigureAwait(false);
            }
        }
    }

    private static Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, PrimitiveDataFrameColumn<T> column)
        where T : unmanaged
    {
        T?[] values = [.. column];
        return group.WriteAsync<T>(field, values.AsMemory(), null, null, CancellationToken.None);
    }

    private static Type TypeOf(DataFrameColumn column) => column switch
    {
        StringDataFrameColumn => typeof(string),
        Int32DataFrameColumn => typeof(int),
        DoubleDataFrameColumn => typeof(double),
        _ => throw Unsupported(column),
    };

    private static ArgumentException Unsupported(DataFrameColumn column) =>
        new($"Column '{column.Name}' holds {column.DataType.Name}; tables of metrics hold text, Int32 and Double. SaveCsv writes any column.", nameof(column));
}
