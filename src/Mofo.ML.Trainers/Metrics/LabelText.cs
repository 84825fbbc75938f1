using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Reads a label column that is no key, as class names are written.</summary>
internal static class LabelText
{
    /// <summary>Whether labels can be read from a column of this type.</summary>
    public static bool Fits(DataViewType type) => type is TextDataViewType or BooleanDataViewType or NumberDataViewType;

    /// <summary>A function that gives the label of the row where the cursor stands; null for an empty text and for NaN.</summary>
    public static Func<string?> Reader(DataViewRow row, DataViewSchema.Column column) => Type.GetTypeCode(column.Type.RawType) switch
    {
        TypeCode.Boolean => Of<bool>(row, column, value => value.ToString()),
        TypeCode.Single => Of<float>(row, column, value => float.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture)),
        TypeCode.Double => Of<double>(row, column, value => double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture)),
        TypeCode.SByte => Of<sbyte>(row, column, Number),
        TypeCode.Byte => Of<byte>(row, column, Number),
        TypeCode.Int16 => Of<short>(row, column, Number),
        TypeCode.UInt16 => Of<ushort>(row, column, Number),
        TypeCode.Int32 => Of<int>(row, column, Number),
        TypeCode.UInt32 => Of<uint>(row, column, Number),
        TypeCode.Int64 => Of<long>(row, column, Number),
        TypeCode.UInt64 => Of<ulong>(row, column, Number),
        _ => Of<ReadOnlyMemory<char>>(row, column, value => value.IsEmpty ? null : value.ToString()),
    };

    private static Func<string?> Of<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string?> text)
    {
        var get = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            get(ref value);
            return text(value);
        };
    }

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
