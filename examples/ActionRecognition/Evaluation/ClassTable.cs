using Microsoft.ML;
using Microsoft.ML.Data;

namespace ActionRecognition.Evaluation;

/// <summary>ML.NET's metrics as rows for people: one per class.</summary>
internal static class ClassTable
{
    public static IReadOnlyList<string> Columns { get; } = ["class", "clips", "found (recall)", "right (precision)", "most often taken for"];

    /// <summary>Names of the classes in the order of the confusion matrix, from the key values of the label column.</summary>
    public static IReadOnlyList<string> NamesOf(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    public static IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<string> classes, ConfusionMatrix confusion) => classes.Select((name, row) =>
    {
        var counts = confusion.Counts[row];
        var wrong = Enumerable.Range(0, classes.Count).Where(column => column != row && counts[column] > 0).OrderByDescending(column => counts[column]);
        return (IReadOnlyList<string>)
        [
            name, $"{counts.Sum():0}", $"{confusion.PerClassRecall[row]:0.00}", $"{confusion.PerClassPrecision[row]:0.00}",
            string.Join(", ", wrong.Take(2).Select(column => $"{classes[column]} ({counts[column]:0})")),
        ];
    });
}
