using Microsoft.ML;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A video column and the column that a stage makes of it.</summary>
internal sealed record ColumnPair(string Output, string Input)
{
    public VideoInputs Inputs => new(Input, null);

    /// <summary>Checks names that come from a file.</summary>
    /// <exception cref="FormatException">A name is blank.</exception>
    public void Validate()
    {
        SavedColumn.Check(Output, "output");
        SavedColumn.Check(Input, "video");
    }
}

/// <summary>The pairs of a stage that does the same for several columns; at least one.</summary>
internal sealed class ColumnPairs
{
    private readonly ColumnPair[] _pairs;

    private ColumnPairs(ColumnPair[] pairs) => _pairs = pairs;

    public int Count => _pairs.Length;

    public ColumnPair First => _pairs[0];

    /// <summary>All but the first; null for none, as files have it that know one pair only.</summary>
    public IReadOnlyList<ColumnPair>? Others => _pairs.Length == 1 ? null : _pairs[1..];

    /// <summary>A single pair.</summary>
    /// <exception cref="ArgumentException">A name is blank.</exception>
    public static ColumnPairs Of(string outputColumnName, string inputColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        return new ColumnPairs([new ColumnPair(outputColumnName, inputColumnName)]);
    }

    /// <summary>The pairs that a caller gives.</summary>
    /// <exception cref="ArgumentException">There is no pair, a name is blank, or two outputs have one name.</exception>
    public static ColumnPairs Of(IEnumerable<InputOutputColumnPair> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var pairs = columns.Select(pair => new ColumnPair(pair.OutputColumnName, pair.InputColumnName)).ToArray();
        if (pairs.Length == 0)
        {
            throw new ArgumentException("There is no pair of columns; give at least one.", nameof(columns));
        }

        if (pairs.FirstOrDefault(pair => string.IsNullOrWhiteSpace(pair.Output) || string.IsNullOrWhiteSpace(pair.Input)) is { } blank)
        {
            throw new ArgumentException($"The output column is '{blank.Output}' and the input column '{blank.Input}'; neither may be blank.", nameof(columns));
        }

        var twice = pairs.GroupBy(pair => pair.Output).FirstOrDefault(group => group.Skip(1).Any());
        return twice is null ? new ColumnPairs(pairs) : throw new ArgumentException($"Two pairs of columns have the output column '{twice.Key}'.", nameof(columns));
    }

    /// <summary>The pairs of a saved stage.</summary>
    /// <exception cref="FormatException">A name is blank.</exception>
    public static ColumnPairs Saved(string output, string input, IReadOnlyList<ColumnPair>? others)
    {
        ColumnPair[] pairs = [new(output, input), .. others ?? []];
        foreach (var pair in pairs)
        {
            (pair ?? throw new FormatException("a pair of columns is null")).Validate();
        }

        return new ColumnPairs(pairs);
    }

    public void Check(DataViewSchema schema)
    {
        foreach (var pair in _pairs)
        {
            pair.Inputs.Check(schema);
        }
    }

    public void Check(SchemaShape shape)
    {
        foreach (var pair in _pairs)
        {
            pair.Inputs.Check(shape);
        }
    }

    public IReadOnlyList<T> Each<T>(Func<ColumnPair, T> make) => [.. _pairs.Select(make)];

    /// <summary>One stage for all pairs.</summary>
    public IStageTransformer Stages(Func<ColumnPair, IStageTransformer> make) => _pairs.Length == 1 ? make(First) : new StageSequence(Each(make));
}
