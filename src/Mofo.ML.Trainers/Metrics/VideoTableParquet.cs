using Mofo.ML.Transforms.Files;
using Parquet;
using Parquet.Schema;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>A table of videos as Apache Parquet.</summary>
internal static class VideoTableParquet
{
    public static void Save<T>(VideoTable<T> table, string path)
        where T : struct, ISpanFormattable => AtomicFile.Write(path, stream => WriteAsync(table, stream).GetAwaiter().GetResult());

    private static async Task WriteAsync<T>(VideoTable<T> table, Stream stream)
        where T : struct, ISpanFormattable
    {
        DataField[] texts = [.. table.TextColumns.Select((name, i) => new DataField(name, typeof(string), i > 0))];
        DataField[] numbers = [.. ClassColumns.Beside(table.TextColumns, table.NumberColumns).Select(name => new DataField(name, typeof(T), false))];
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. texts, .. numbers]), stream, null, false, CancellationToken.None).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            for (var k = 0; k < texts.Length; k++)
            {
                await group.WriteAsync(texts[k], (string[])[.. table.Rows.Select(row => row.Texts[k]!)], null).ConfigureAwait(false);
            }

            for (var k = 0; k < numbers.Length; k++)
            {
                T[] column = [.. table.Rows.Select(row => row.Numbers[k])];
                await group.WriteAsync<T>(numbers[k], column, null, null, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
