using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>One output column of a stage: its schema entry, and how to take its value from what the stage computed for a row.</summary>
internal abstract class OutputColumn<TResult>(DataViewSchema.DetachedColumn column)
{
    public DataViewSchema.DetachedColumn Column { get; } = column;

    /// <summary>An ML.NET getter (a ValueGetter of the column's type) over the current row's result.</summary>
    public abstract Delegate Getter(Func<TResult> current);

    /// <summary>A vector of Single, of known size (0: variable).</summary>
    public static OutputColumn<TResult> Vector(string name, int size, DataViewSchema.Annotations? annotations, Func<TResult, float[]> value) =>
        new VectorColumn(new DataViewSchema.DetachedColumn(name, new VectorDataViewType(NumberDataViewType.Single, size), annotations), value);

    /// <summary>A tensor of Single of known shape, as a vector column that knows its dimensions.</summary>
    public static OutputColumn<TResult> Tensor(string name, int[] shape, Func<TResult, float[]> value) =>
        new VectorColumn(new DataViewSchema.DetachedColumn(name, new VectorDataViewType(NumberDataViewType.Single, shape)), value);

    /// <summary>A key of <paramref name="count"/> values; 0 stands for missing.</summary>
    public static OutputColumn<TResult> Key(string name, int count, DataViewSchema.Annotations? annotations, Func<TResult, uint> value) =>
        new ScalarColumn<uint>(new DataViewSchema.DetachedColumn(name, new KeyDataViewType(typeof(uint), (ulong)count), annotations), value);

    /// <summary>One value.</summary>
    public static OutputColumn<TResult> Scalar<TValue>(string name, PrimitiveDataViewType type, Func<TResult, TValue> value) =>
        new ScalarColumn<TValue>(new DataViewSchema.DetachedColumn(name, type), value);

    private sealed class VectorColumn(DataViewSchema.DetachedColumn column, Func<TResult, float[]> value) : OutputColumn<TResult>(column)
    {
        public override Delegate Getter(Func<TResult> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
        {
            var values = value(current());
            var editor = VBufferEditor.Create(ref target, values.Length);
            values.CopyTo(editor.Values);
            target = editor.Commit();
        });
    }

    private sealed class ScalarColumn<TValue>(DataViewSchema.DetachedColumn column, Func<TResult, TValue> value) : OutputColumn<TResult>(column)
    {
        public override Delegate Getter(Func<TResult> current) => (ValueGetter<TValue>)((ref TValue target) => target = value(current()));
    }
}
