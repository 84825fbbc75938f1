using System.Globalization;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Verb and noun class of every row of an EPIC-KITCHENS-100 annotation file.</summary>
internal static class EpicAnnotations
{
    /// <exception cref="FormatException">A column or a number is missing; names file and line.</exception>
    public static IReadOnlyList<(int Verb, int Noun)> Read(string path)
    {
        var table = CsvTable.Read(path);
        var (verb, noun) = (table.Column("verb_class"), table.Column("noun_class"));
        return [.. table.Rows.Select(row => (Number(table, row, verb), Number(table, row, noun)))];
    }

    private static int Number(CsvTable table, CsvRow row, int column) =>
        int.TryParse(row.Fields[column], NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw table.Bad(row, column, "a class number");
}
