using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The input columns of a stage: their names, their checks with ML.NET's wording, and reading them from a row.</summary>
internal sealed record VideoInputs(string Video, string? Motion)
{
    private const string BoxesType = "Vector<Single>";

    /// <summary>Checks names that come from a file.</summary>
    /// <exception cref="FormatException">A name is blank.</exception>
    public void Validate()
    {
        SavedColumn.Check(Video, "video");
        if (Motion is not null)
        {
            SavedColumn.Check(Motion, "motion");
        }
    }

    /// <summary>Checks the columns of a real schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public void Check(DataViewSchema schema)
    {
        var video = schema.GetColumnOrNull(Video) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), "video", Video);
        if (video.Type is not TextDataViewType)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "video", Video, TextDataViewType.Instance.ToString(), video.Type.ToString());
        }

        if (Motion is null)
        {
            return;
        }

        var motion = schema.GetColumnOrNull(Motion) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), "motion", Motion);
        if (motion.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } || raw != typeof(float))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "motion", Motion, BoxesType, motion.Type.ToString());
        }
    }

    /// <summary>Checks the columns of a pipeline's shape, before any data is seen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public void Check(SchemaShape shape)
    {
        if (!shape.TryFindColumn(Video, out var video))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "video", Video);
        }

        if (video.Kind != SchemaShape.Column.VectorKind.Scalar || video.ItemType is not TextDataViewType)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "video", Video, TextDataViewType.Instance.ToString(), video.GetTypeString());
        }

        if (Motion is null)
        {
            return;
        }

        if (!shape.TryFindColumn(Motion, out var motion))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "motion", Motion);
        }

        if (motion.Kind == SchemaShape.Column.VectorKind.Scalar || motion.ItemType != NumberDataViewType.Single)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "motion", Motion, BoxesType, motion.GetTypeString());
        }
    }

    /// <summary>Whether a column of this schema is one that the stage reads.</summary>
    public bool Reads(DataViewSchema.Column column, DataViewSchema schema) =>
        column.Index == schema[Video].Index || (Motion is not null && column.Index == schema[Motion].Index);

    public IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        Motion is null ? [schema[Video]] : [schema[Video], schema[Motion]];

    /// <summary>A function that reads the row where the cursor stands.</summary>
    public Func<VideoRow> Reader(DataViewRow row)
    {
        var path = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[Video]);
        var boxes = Motion is null ? null : row.GetGetter<VBuffer<float>>(row.Schema[Motion]);
        var text = default(ReadOnlyMemory<char>);
        var values = default(VBuffer<float>);
        return () =>
        {
            path(ref text);
            boxes?.Invoke(ref values);
            return new VideoRow(row.Position, text.ToString(), boxes is null ? [] : [.. values.DenseValues()]);
        };
    }
}
