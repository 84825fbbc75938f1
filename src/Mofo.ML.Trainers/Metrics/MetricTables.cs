using System.Globalization;
using Microsoft.Data.Analysis;
using Mofo.ML.Trainers.Metrics;
using nietras.SeparatedValues;

namespace Mofo.ML.Trainers;

/// <summary>Writes tables of metrics, such as <see cref="ClassReport.PerClass"/> and <see cref="ClassReport.Confusion"/>, as files.</summary>
public static class MetricTables
{
    /// <summary>Writes a table as CSV.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <remarks>RFC 4180, invariant numbers that read back as they were; a null is an empty field.</remarks>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveCsv(this DataFrame table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(path);
        CsvFile.Write(path, writer =>
        {
            Row(writer, [.. table.Columns.Select(column => column.Name)]);
            for (var i = 0L; i < table.Rows.Count; i++)
            {
                Row(writer, [.. table.Columns.Select(column => Convert.ToString(column[i], CultureInfo.InvariantCulture) ?? "")]);
            }
        });
    }

    /// <summary>Writes a table as Apache Parquet.</summary>
    /// <param name="table">The table; its columns hold text, Int32 or Double.</param>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <remarks>One row group; every column may hold nulls.</remarks>
    /// <exception cref="ArgumentException">A column holds another type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveParquet(this DataFrame table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(path);
        MetricTableParquet.Save(table, path);
    }

    private static void Row(SepWriter writer, string[] fields)
    {
        using var row = writer.NewRow();
        for (var i = 0; i < fields.Length; i++)
        {
            row[i].Set(fields[i]);
        }
    }
}
