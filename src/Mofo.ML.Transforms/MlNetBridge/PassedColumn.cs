using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A column of the source that a stage passes on: its values are kept for rows that were read ahead.</summary>
internal abstract class PassedColumn
{
    /// <summary>Whether values of this type can be kept and given out again: ML.NET allows free copies of primitive values and of vectors of them.</summary>
    public static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>The column of a cursor.</summary>
    public static PassedColumn Of(DataViewRow row, DataViewSchema.Column column)
    {
        var (kind, item) = column.Type is VectorDataViewType vector
            ? (typeof(VectorColumn<>), vector.ItemType.RawType)
            : (typeof(ScalarColumn<>), column.Type.RawType);
        return (PassedColumn)Activator.CreateInstance(kind.MakeGenericType(item), row, column)!;
    }

    /// <summary>The value in the row where the cursor stands.</summary>
    public abstract object Read();

    /// <summary>An ML.NET getter of the column over values that were read.</summary>
    public abstract Delegate Getter(Func<object> current);

    private sealed class ScalarColumn<T>(DataViewRow row, DataViewSchema.Column column) : PassedColumn
        where T : notnull
    {
        private readonly ValueGetter<T> _read = row.GetGetter<T>(column);

        public override object Read()
        {
            var value = default(T)!;
            _read(ref value);
            return value;
        }

        public override Delegate Getter(Func<object> current) => (ValueGetter<T>)((ref T target) => target = (T)current());
    }

    private sealed class VectorColumn<T>(DataViewRow row, DataViewSchema.Column column) : PassedColumn
    {
        private readonly ValueGetter<VBuffer<T>> _read = row.GetGetter<VBuffer<T>>(column);

        public override object Read()
        {
            var value = default(VBuffer<T>);
            _read(ref value);
            return value;
        }

        // A copy: the reader may write into the buffer that it passed.
        public override Delegate Getter(Func<object> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) => ((VBuffer<T>)current()).CopyTo(ref target));
    }
}
