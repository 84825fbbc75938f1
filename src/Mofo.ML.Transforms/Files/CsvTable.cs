using nietras.SeparatedValues;

namespace Mofo.ML.Transforms.Files;

/// <summary>A CSV file (RFC 4180) with a header row, in memory.</summary>
internal sealed class CsvTable
{
    private readonly string _path;

    private CsvTable(string path, IReadOnlyList<string> names, IReadOnlyList<CsvRow> rows) => (_path, Names, Rows) = (path, names, rows);

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All rows but the header and blank lines; each has a field for every column.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <exception cref="FormatException">The file is empty, names a column twice, or a row has another number of fields; names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTable Read(string path)
    {
        using var reader = Open(path);
        IReadOnlyList<string> names = [.. reader.Header.ColNames.Select(name => name.TrimStart('\uFEFF'))];
        if (names.Count == 0)
        {
            throw new FormatException($"{path} is empty.");
        }

        var rows = new List<CsvRow>();
        foreach (var row in reader)
        {
            if (row.ColCount == 1 && row[0].Span.IsWhiteSpace())
            {
                continue;
            }

            if (row.ColCount != names.Count)
            {
                throw new FormatException(Invariant($"{path}, line {row.LineNumberFrom}: {row.ColCount} fields where the first line has {names.Count}."));
            }

            var fields = new string[names.Count];
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i] = row[i].ToString();
            }

            rows.Add(new CsvRow(row.LineNumberFrom, fields));
        }

        return new CsvTable(path, names, rows);
    }

    /// <summary>Place of a column; null where there is none.</summary>
    public int? Find(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Place of a column.</summary>
    /// <exception cref="FormatException">There is none; names file and columns.</exception>
    public int Column(string name) => Find(name) ?? throw new FormatException($"{_path} has no column '{name}'; its first line is: {string.Join(",", Names)}");

    /// <summary>The error for a field that cannot be used.</summary>
    public FormatException Bad(CsvRow row, int column, string expected) =>
        new(Invariant($"{_path}, line {row.Line}: column '{Names[column]}' is '{row.Fields[column]}', which is not {expected}."));

    private static SepReader Open(string path)
    {
        try
        {
            // Blank lines are skipped, so the number of fields is compared above and not by the reader.
            return Sep.New(',').Reader(options => options with { Unescape = true, DisableColCountCheck = true }).FromFile(path);
        }
        catch (ArgumentException twice) when (twice.ParamName is null)
        {
            throw new FormatException($"{path}: {twice.Message}", twice);
        }
    }
}

/// <summary>One row.</summary>
/// <param name="Line">Number of its first line, from 1.</param>
/// <param name="Fields">Its fields, without quotes.</param>
internal sealed record CsvRow(int Line, string[] Fields);
