namespace Mofo.ML.Trainers.Metrics;

/// <summary>Names of columns for classes in tables whose column names must differ.</summary>
internal static class ClassColumns
{
    /// <summary>The names of the classes; " (class)" follows where a column has the name already.</summary>
    public static string[] Beside(IEnumerable<string> columns, IEnumerable<string> classes)
    {
        var used = columns.ToHashSet(StringComparer.Ordinal);
        return [.. classes.Select(name =>
        {
            while (!used.Add(name))
            {
                name += " (class)";
            }

            return name;
        })];
    }
}
