using nietras.SeparatedValues;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>A table of videos as text (RFC 4180).</summary>
internal static class VideoTableCsv
{
    public static void Save<T>(VideoTable<T> table, string path)
        where T : struct, ISpanFormattable => CsvFile.Write(path, writer =>
    {
        Row<T>(writer, [.. table.TextColumns, .. table.NumberColumns], []);
        foreach (var row in table.Rows)
        {
            Row(writer, row.Texts, row.Numbers);
        }
    });

    private static void Row<T>(SepWriter writer, IReadOnlyList<string?> texts, IReadOnlyList<T> numbers)
        where T : struct, ISpanFormattable
    {
        using var row = writer.NewRow();
        for (var i = 0; i < texts.Count; i++)
        {
            row[i].Set(texts[i] ?? "");
        }

        for (var i = 0; i < numbers.Count; i++)
        {
            row[texts.Count + i].Format(numbers[i]);
        }
    }
}
