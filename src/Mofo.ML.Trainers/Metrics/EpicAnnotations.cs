using System.Globalization;
using nietras.SeparatedValues;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Verb and noun class of every row of an EPIC-KITCHENS-100 annotation file.</summary>
internal static class EpicAnnotations
{
    /// <exception cref="FormatException">A column or a number is missing; names file and line.</exception>
    public static IReadOnlyList<(int Verb, int Noun)> Read(string path)
    {
        using var reader = Open(path);
        if (reader.Header.ColNames.Count == 0)
        {
            throw new FormatException($"{path} is empty.");
        }

        var (verb, noun) = (Column(reader, path, "verb_class"), Column(reader, path, "noun_class"));
        var rows = new List<(int, int)>();
        foreach (var row in reader)
        {
            if (row.ColCount > 1 || !row[0].Span.IsWhiteSpace())
            {
                rows.Add((Number(reader, row, verb, path), Number(reader, row, noun, path)));
            }
        }

        return rows;
    }

    private static SepReader Open(string path)
    {
        try
        {
            // Blank lines are skipped, so the number of fields is compared below and not by the reader.
            return Sep.New(',').Reader(options => options with { Unescape = true, DisableColCountCheck = true }).FromFile(path);
        }
        catch (ArgumentException twice) when (twice.ParamName is null)
        {
            throw new FormatException($"{path}: {twice.Message}", twice);
        }
    }

    private static int Column(SepReader reader, string path, string name) => reader.Header.TryIndexOf(name, out var column)
        ? column
        : throw new FormatException($"{path} has no column '{name}'; its first line is: {string.Join(",", reader.Header.ColNames)}");

    private static int Number(SepReader reader, SepReader.Row row, int column, string path)
    {
        var names = reader.Header.ColNames;
        if (row.ColCount != names.Count)
        {
            throw new FormatException(Invariant($"{path}, line {row.LineNumberFrom}: {row.ColCount} fields where the first line has {names.Count}."));
        }

        return int.TryParse(row[column].Span, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw new FormatException(Invariant($"{path}, line {row.LineNumberFrom}: column '{names[column]}' is not a class number."));
    }
}
