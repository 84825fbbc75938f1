using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>How a pretrained stage describes itself to later stages of the same chain: an annotation on its output column.</summary>
internal static class PretrainedAnnotation
{
    private const string Kind = "MofoPretrained";

    public static DataViewSchema.Annotations For(MofoPretrainedTransformer pretrained)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Kind, PretrainedType.Instance, (ref MofoPretrainedTransformer value) => value = pretrained);
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

    /// <summary>A value that lives in this process only; ML.NET's savers pass annotations of unknown types over.</summary>
    private sealed class PretrainedType() : StructuredDataViewType(typeof(MofoPretrainedTransformer))
    {
        public static readonly PretrainedType Instance = new();

        public override bool Equals(DataViewType? other) => other is PretrainedType;
    }
}
