using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>
/// Two columns that a view may have beside its videos: where the part that counts begins and ends. Every stage takes them where they are, whatever its other
/// columns are called.
/// </summary>
/// <remarks>
/// Single and Double are seconds, NaN for an open end; text is seconds or <c>h:mm:ss.fff</c>, empty for an open end; Int32 and Int64 are numbers of frames,
/// negative for an open end.
/// </remarks>
internal static class SegmentColumns
{
    public const string Start = "SegmentStart";
    public const string End = "SegmentEnd";

    // A Single near 1000 s is exact to 0.06 ms: what it was rounded from has fewer digits.
    private const int DigitsOfSingle = 4;
    private const string Expected = "Single, Double, Int32, Int64 or text";

    /// <summary>Those that a schema has.</summary>
    public static IEnumerable<DataViewSchema.Column> Of(DataViewSchema schema) =>
        new[] { Start, End }.Select(schema.GetColumnOrNull).OfType<DataViewSchema.Column>();

    /// <exception cref="ArgumentOutOfRangeException">A column is of another type, or one is in seconds and the other in frames.</exception>
    public static void Check(DataViewSchema schema)
    {
        var columns = Of(schema).ToList();
        foreach (var column in columns.Where(column => !IsTime(column.Type) && !IsFrames(column.Type)))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "segment", column.Name, Expected, column.Type.ToString());
        }

        if (columns is [var start, var end] && IsFrames(start.Type) != IsFrames(end.Type))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(schema), "segment", End, $"{start.Type}, as {Start} is", end.Type.ToString());
        }
    }

    /// <inheritdoc cref="Check(DataViewSchema)"/>
    public static void Check(SchemaShape shape)
    {
        foreach (var name in new[] { Start, End })
        {
            if (shape.TryFindColumn(name, out var found)
                && (found.Kind != SchemaShape.Column.VectorKind.Scalar || found.IsKey || (!IsTime(found.ItemType) && !IsFrames(found.ItemType))))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(shape), "segment", name, Expected, found.GetTypeString());
            }
        }

        if (shape.TryFindColumn(Start, out var start) && shape.TryFindColumn(End, out var end) && IsFrames(start.ItemType) != IsFrames(end.ItemType))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(shape), "segment", End, $"{start.GetTypeString()}, as {Start} is", end.GetTypeString());
        }
    }

    /// <summary>A function that turns the path of the row where the cursor stands into the address of its segment.</summary>
    /// <exception cref="InvalidOperationException">When called: the two do not make a segment; names the row.</exception>
    public static Func<string, string> Addresses(DataViewRow row)
    {
        var columns = Of(row.Schema).ToList();
        if (columns.Count == 0)
        {
            return path => path;
        }

        var (start, end) = (Reader(row, Start), Reader(row, End));
        var inFrames = columns.Exists(column => IsFrames(column.Type));
        return path =>
        {
            var (from, to) = (start(), end());
            try
            {
                return path.Length == 0 || (from, to) == (null, null) ? path
                    : VideoSegment.TryParse(path, out _) ? throw new FormatException($"the address names a segment itself, beside the columns {Start} and {End}")
                    : (inFrames ? VideoSegment.OfFrames(path, (int?)from, (int?)to) : VideoSegment.OfSeconds(path, from, to)).ToString();
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new InvalidOperationException(Invariant($"Row {row.Position}, '{path}': its segment cannot be used: {e.Message}"), e);
            }
        };
    }

    private static bool IsTime(DataViewType type) => type is TextDataViewType || type == NumberDataViewType.Single || type == NumberDataViewType.Double;

    private static bool IsFrames(DataViewType type) => type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64;

    /// <summary>Seconds, or a number of frames; null for an open end, and where there is no such column.</summary>
    private static Func<double?> Reader(DataViewRow row, string name)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column)
        {
            return () => null;
        }

        return column.Type switch
        {
            TextDataViewType => Of<ReadOnlyMemory<char>>(row, column, text => text.Span.IsWhiteSpace() ? null : VideoTime.TryParse(text.Span, out var seconds) ? seconds
                : throw new InvalidOperationException(Invariant($"Row {row.Position}: '{text}' in column {name} is no time; expected seconds or h:mm:ss.fff."))),
            var type when type == NumberDataViewType.Single => Of<float>(row, column, value => float.IsNaN(value) ? null : Math.Round((double)value, DigitsOfSingle)),
            var type when type == NumberDataViewType.Double => Of<double>(row, column, value => double.IsNaN(value) ? null : value),
            var type when type == NumberDataViewType.Int32 => Of<int>(row, column, value => value < 0 ? null : value),
            _ => Of<long>(row, column, value => value < 0 ? null : Math.Min(value, int.MaxValue)),
        };
    }

    private static Func<double?> Of<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double?> take)
    {
        var get = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            get(ref value);
            return take(value);
        };
    }
}
