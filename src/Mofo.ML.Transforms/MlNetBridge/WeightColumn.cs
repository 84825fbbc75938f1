using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The column of example weights: its name, its checks with ML.NET's wording, its values.</summary>
internal sealed record WeightColumn(string Name)
{
    /// <summary>Checks the column of a real schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not a Single.</exception>
    public DataViewSchema.Column Check(DataViewSchema schema)
    {
        var column = schema.GetColumnOrNull(Name) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), "weight", Name);
        return column.Type == NumberDataViewType.Single
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(schema), "weight", Name, NumberDataViewType.Single.ToString(), column.Type.ToString());
    }

    /// <summary>Checks the column of a pipeline's shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not a Single.</exception>
    public void Check(SchemaShape shape)
    {
        if (!shape.TryFindColumn(Name, out var column))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "weight", Name);
        }

        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Single)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "weight", Name, NumberDataViewType.Single.ToString(), column.GetTypeString());
        }
    }

    /// <summary>A function that reads the row where the cursor stands.</summary>
    /// <exception cref="InvalidOperationException">When called: the weight is negative or not a number; names the row.</exception>
    public Func<float> Reader(DataViewRow row)
    {
        var get = row.GetGetter<float>(row.Schema[Name]);
        var value = 0f;
        return () =>
        {
            get(ref value);
            return value is >= 0 and < float.PositiveInfinity
                ? value
                : throw new InvalidOperationException(Invariant($"Row {row.Position}: the weight in column '{Name}' is {value}; it must be a number of at least 0."));
        };
    }
}
