using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A vector of Single in, some columns out, row by row and without looking ahead.</summary>
/// <param name="owner">The public transformer.</param>
/// <param name="inputColumn">The vector.</param>
/// <param name="outputs">The columns.</param>
/// <param name="compute">The vector's values to what the columns are taken from.</param>
/// <param name="input">Schema that the mapper is applied to.</param>
internal sealed class VectorMapper<TResult>(
    ITransformer owner, string inputColumn, IReadOnlyList<OutputColumn<TResult>> outputs, Func<float[], TResult> compute, DataViewSchema input) : IRowMapper
{
    private const string VectorType = "Vector<Single>";

    /// <summary>Checks the column of a real schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public static void Check(DataViewSchema schema, string column)
    {
        var found = schema.GetColumnOrNull(column) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), "input", column);
        if (found.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } || raw != typeof(float))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "input", column, VectorType, found.Type.ToString());
        }
    }

    /// <summary>Checks the column of a pipeline's shape, before any data is seen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public static void Check(SchemaShape shape, string column)
    {
        if (!shape.TryFindColumn(column, out var found))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "input", column);
        }

        if (found.Kind == SchemaShape.Column.VectorKind.Scalar || found.ItemType != NumberDataViewType.Single)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "input", column, VectorType, found.GetTypeString());
        }
    }

    public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. outputs.Select(o => o.Column)];

    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput) =>
        Enumerable.Range(0, outputs.Count).Any(activeOutput) ? column => column == input[inputColumn].Index : _ => false;

    public Delegate[] CreateGetters(DataViewRow row, Func<int, bool> activeOutput, out Action disposer)
    {
        disposer = () => { };
        var read = new Lazy<ValueGetter<VBuffer<float>>>(() => row.GetGetter<VBuffer<float>>(row.Schema[inputColumn]));
        return [.. outputs.Select((column, i) => activeOutput(i) ? column.Getter(Current) : null!)];

        TResult Current()
        {
            var values = default(VBuffer<float>);
            read.Value(ref values);
            return compute([.. values.DenseValues()]);
        }
    }

    public ITransformer GetTransformer() => owner;

    void ICanSaveModel.Save(ModelSaveContext ctx) => owner.Save(ctx);
}
