using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>How a pretrained stage describes itself to later stages of the same chain: an annotation on its output column.</summary>
internal static class PretrainedAnnotation
{
    private const string Kind = "MofoPretrained";

    public static DataViewSchema.Annotations For(MofoPretrainedTransformer pretrained)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Kind, new PretrainedType(pretrained.Config), (ref MofoPretrainedTransformer value) => value = pretrained);
        return builder.ToAnnotations();
    }

    /// <summary>The last pretrained stage upstream of this schema, or null.</summary>
    public static MofoPretrainedTransformer? Find(DataViewSchema schema)
    {
        var column = schema.LastOrDefault(c => c.Annotations.Schema.GetColumnOrNull(Kind) is { Type: PretrainedType });
        if (column.Annotations is null)
        {
            return null;
        }

        var value = default(MofoPretrainedTransformer)!;
        column.Annotations.GetValue(Kind, ref value);
        return value;
    }

    /// <summary>The same in the shape of a chain that is not fitted yet: its annotation says the size of the network that the stage will have.</summary>
    public static SchemaShape Shape(VitConfig size) => StageShapes.Annotation(Kind, new PretrainedType(size));

    /// <summary>Size of the network of the last pretrained stage before this shape, or null.</summary>
    public static VitConfig? SizeIn(SchemaShape shape) =>
        shape.SelectMany(column => column.Annotations.Where(annotation => annotation.Name == Kind)).Select(annotation => annotation.ItemType).OfType<PretrainedType>().LastOrDefault()?.Size;

    /// <summary>A value that lives in this process only; ML.NET's savers pass annotations of unknown types over.</summary>
    private sealed class PretrainedType(VitConfig size) : StructuredDataViewType(typeof(MofoPretrainedTransformer))
    {
        public VitConfig Size => size;

        public override bool Equals(DataViewType? other) => other is PretrainedType;
    }
}
