using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The label column: its name and its checks with ML.NET's wording.</summary>
internal sealed record LabelColumn(string Name)
{
    private const string Expected = "Key (map text or numbers with Conversion.MapValueToKey)";

    /// <summary>Checks the column of a real schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not a key.</exception>
    public DataViewSchema.Column Check(DataViewSchema schema)
    {
        var label = schema.GetColumnOrNull(Name) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), "label", Name);
        return label.Type is KeyDataViewType ? label : throw Contracts.ExceptSchemaMismatch(nameof(schema), "label", Name, Expected, label.Type.ToString());
    }

    /// <summary>Checks the column of a pipeline's shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not a key.</exception>
    public SchemaShape.Column Check(SchemaShape shape)
    {
        if (!shape.TryFindColumn(Name, out var label))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "label", Name);
        }

        return label is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar }
            ? label
            : throw Contracts.ExceptSchemaMismatch(nameof(shape), "label", Name, Expected, label.GetTypeString());
    }
}
