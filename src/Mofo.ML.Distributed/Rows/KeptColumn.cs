using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Distributed.Rows;

/// <summary>The values of one column, taken from a cursor, sent to other ranks, and given out again.</summary>
internal abstract class KeptColumn
{
    /// <summary>A column for values of this type.</summary>
    /// <exception cref="NotSupportedException">Values of this type cannot travel.</exception>
    public static KeptColumn Of(DataViewSchema.Column column)
    {
        var item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        if (column.Type is TextDataViewType)
        {
            return new KeptText();
        }

        // Numbers, keys, booleans, times: fixed size, no references.
        var canTravel = item.IsValueType && item.Namespace == nameof(System) && item != typeof(ReadOnlyMemory<char>);
        return canTravel
            ? (KeptColumn)Activator.CreateInstance((column.Type is VectorDataViewType ? typeof(KeptVectors<>) : typeof(KeptValues<>)).MakeGenericType(item))!
            : throw new NotSupportedException($"Column '{column.Name}' has the type {column.Type}, whose values cannot be sent to other processes; leave it out (SelectColumns, DropColumns).");
    }

    /// <summary>Takes the value of the cursor's row whenever it is called.</summary>
    public abstract Action Reader(DataViewRowCursor cursor, DataViewSchema.Column column);

    /// <summary>Writes the value with this number.</summary>
    public abstract void Write(BinaryWriter writer, int value);

    /// <summary>Adds a value that was written.</summary>
    public abstract void Add(BinaryReader reader);

    /// <summary>An ML.NET getter of the value with the current number.</summary>
    public abstract Delegate Getter(Func<int> current);

    private protected static void WriteBytes<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(values));

    private protected static T[] ReadValues<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}

/// <summary>Numbers, keys, booleans.</summary>
internal sealed class KeptValues<T> : KeptColumn
    where T : unmanaged
{
    private readonly List<T> _values = [];

    public override Action Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var (getter, value) = (cursor.GetGetter<T>(column), default(T));
        return () =>
        {
            getter(ref value);
            _values.Add(value);
        };
    }

    public override void Write(BinaryWriter writer, int value) => WriteBytes<T>(writer, [_values[value]]);

    public override void Add(BinaryReader reader) => _values.Add(ReadValues<T>(reader, 1)[0]);

    public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);
}

/// <summary>Texts.</summary>
internal sealed class KeptText : KeptColumn
{
    private readonly List<string> _values = [];

    public override Action Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var (getter, value) = (cursor.GetGetter<ReadOnlyMemory<char>>(column), default(ReadOnlyMemory<char>));
        return () =>
        {
            getter(ref value);
            _values.Add(value.ToString());
        };
    }

    public override void Write(BinaryWriter writer, int value) => writer.Write(_values[value]);

    public override void Add(BinaryReader reader) => _values.Add(reader.ReadString());

    public override Delegate Getter(Func<int> current) => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _values[current()].AsMemory());
}

/// <summary>Vectors, of one length or of any.</summary>
internal sealed class KeptVectors<T> : KeptColumn
    where T : unmanaged
{
    private readonly List<T[]> _values = [];

    public override Action Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var (getter, value) = (cursor.GetGetter<VBuffer<T>>(column), default(VBuffer<T>));
        return () =>
        {
            getter(ref value);
            _values.Add(value.DenseValues().ToArray());
        };
    }

    public override void Write(BinaryWriter writer, int value)
    {
        writer.Write(_values[value].Length);
        WriteBytes<T>(writer, _values[value]);
    }

    public override void Add(BinaryReader reader) => _values.Add(ReadValues<T>(reader, reader.ReadInt32()));

    public override Delegate Getter(Func<int> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        var kept = _values[current()];
        var editor = VBufferEditor.Create(ref value, kept.Length);
        kept.CopyTo(editor.Values);
        value = editor.Commit();
    });
}
