using Microsoft.ML;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Columns of a view that a table is read from, checked.</summary>
internal static class ViewColumns
{
    /// <summary>The column of that name.</summary>
    /// <param name="view">The view.</param>
    /// <param name="name">The name.</param>
    /// <param name="parameter">The parameter of the caller that holds the name.</param>
    /// <exception cref="ArgumentException">There is no such column; names those that there are.</exception>
    public static DataViewSchema.Column Get(IDataView view, string name, string parameter) => view.Schema.GetColumnOrNull(name)
        ?? throw new ArgumentException($"The view has no column '{name}'; it has {string.Join(", ", view.Schema.Select(c => c.Name).Distinct())}.", parameter);

    /// <summary>Refuses a column of another type.</summary>
    /// <exception cref="ArgumentException">It does not hold.</exception>
    public static void Require(bool holds, DataViewSchema.Column column, string expected, string parameter)
    {
        if (!holds)
        {
            throw new ArgumentException($"Column '{column.Name}' is {column.Type}; it must be {expected}.", parameter);
        }
    }
}
