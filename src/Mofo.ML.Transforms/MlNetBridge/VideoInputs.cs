using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The input columns of a stage: their names, their checks with ML.NET's wording, and reading them from a row.</summary>
internal sealed record VideoInputs(string Video, string? Motion)
{
    private const string BoxesType = "Vector<Single>";

    /// <summary>The columns as a caller names them.</summary>
    /// <exception cref="ArgumentException">A name is blank.</exception>
    public static VideoInputs Named(string videoColumnName, string motionColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumnName);
        return new VideoInputs(videoColumnName, motionColumnName);
    }

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
        var video = schema.GetColumnOrNull(Video) ?? throw MissingColumn.Video(nameof(schema), Video);
        if (!VideoColumn.Fits(video.Type))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "video", Video, VideoColumn.Expected, video.Type.ToString());
        }

        SegmentColumns.Check(schema);

        if (Motion is null)
        {
            return;
        }

        var motion = schema.GetColumnOrNull(Motion) ?? throw MissingColumn.Motion(nameof(schema), Motion);
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
            throw MissingColumn.Video(nameof(shape), Video);
        }

        if (!VideoColumn.Fits(video))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "video", Video, VideoColumn.Expected, video.GetTypeString());
        }

        SegmentColumns.Check(shape);

        if (Motion is null)
        {
            return;
        }

        if (!shape.TryFindColumn(Motion, out var motion))
        {
            throw MissingColumn.Motion(nameof(shape), Motion);
        }

        if (motion.Kind == SchemaShape.Column.VectorKind.Scalar || motion.ItemType != NumberDataViewType.Single)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "motion", Motion, BoxesType, motion.GetTypeString());
        }
    }

    /// <summary>Whether a column of this schema is one that the stage reads.</summary>
    public bool Reads(DataViewSchema.Column column, DataViewSchema schema) => Columns(schema).Any(read => read.Index == column.Index);

    public IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        Motion is null ? [schema[Video], .. SegmentColumns.Of(schema)] : [schema[Video], schema[Motion], .. SegmentColumns.Of(schema)];

    /// <summary>A function that reads the row where the cursor stands.</summary>
    public Func<VideoRow> Reader(DataViewRow row)
    {
        var video = VideoColumn.Reader(row, row.Schema[Video]);
        var address = SegmentColumns.Addresses(row);
        var boxes = Motion is null ? null : row.GetGetter<VBuffer<float>>(row.Schema[Motion]);
        var values = default(VBuffer<float>);
        return () =>
        {
            var (path, owner) = video();
            boxes?.Invoke(ref values);
            return new VideoRow(row.Position, address(path), boxes is null ? [] : [.. values.DenseValues()], owner);
        };
    }
}
