using System.Globalization;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Verb and noun class of every row of an EPIC-KITCHENS-100 annotation file.</summary>
internal static class EpicAnnotations
{
    /// <exception cref="FormatException">A column or a number is missing; names file and line.</exception>
    public static IReadOnlyList<(int Verb, int Noun)> Read(string path)
    {
        using var lines = CsvLines(path).GetEnumerator();
        var header = lines.MoveNext() ? lines.Current : throw new FormatException($"{path} is empty.");
        var (verb, noun) = (Column("verb_class"), Column("noun_class"));
        var rows = new List<(int, int)>();
        for (var line = 2; lines.MoveNext(); line++)
        {
            rows.Add((Number(lines.Current, verb, line), Number(lines.Current, noun, line)));
        }

        return rows;

        int Column(string name) => Array.IndexOf(header, name) is var at and >= 0
            ? at
            : throw new FormatException($"{path} has no column '{name}'; its first line is: {string.Join(",", header)}");

        int Number(string[] fields, int column, int line) => column < fields.Length && int.TryParse(fields[column], NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw new FormatException(Invariant($"{path}, record {line}: column '{header[column]}' is not a class number."));
    }

    /// <summary>Records of a CSV file; quoted fields may hold commas and doubled quotes (lists of nouns do), not line ends.</summary>
    private static IEnumerable<string[]> CsvLines(string path) => File.ReadLines(path).Where(line => line.Length > 0).Select(Fields);

    private static string[] Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                _ = field.Clear();
            }
            else
            {
                _ = field.Append(c);
            }
        }

        return [.. fields, field.ToString()];
    }
}
