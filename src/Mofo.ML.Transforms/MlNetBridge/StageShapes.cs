using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Schema shapes of the stages' output columns.</summary>
internal static class StageShapes
{
    public static SchemaShape.Column Vector(string name, bool variable = false, SchemaShape? annotations = null) => new(
        name,
        variable ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector,
        NumberDataViewType.Single,
        false,
        annotations);

    public static SchemaShape.Column Scalar(string name, PrimitiveDataViewType type) => new(name, SchemaShape.Column.VectorKind.Scalar, type, false, null);

    public static SchemaShape.Column Picture(string name) => new(name, SchemaShape.Column.VectorKind.Scalar, new ImageDataViewType(), false, null);

    public static SchemaShape.Column Key(string name, SchemaShape? annotations) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, annotations);

    /// <summary>The annotations of a column: one scalar of this type.</summary>
    public static SchemaShape Annotation(string name, DataViewType type) => new([new SchemaShape.Column(name, SchemaShape.Column.VectorKind.Scalar, type, false)]);

    /// <summary>The input shape with columns added, or replaced where the name is taken.</summary>
    public static SchemaShape With(SchemaShape input, params IReadOnlyList<SchemaShape.Column> added)
    {
        var names = added.Select(c => c.Name).ToHashSet();
        return new SchemaShape(input.Where(c => !names.Contains(c.Name)).Concat(added));
    }
}
