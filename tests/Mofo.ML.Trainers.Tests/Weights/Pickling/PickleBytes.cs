using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Trainers.Tests.Weights.Pickling;

/// <summary>Writes pickles operation by operation, as Python (or an attacker) would.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];

    public PickleBytes() => Raw(0x80, 2);

    public byte[] Stop() => Raw((byte)'.')._bytes.ToArray();

    public PickleBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(char operation) => Raw((byte)operation);

    public PickleBytes None => Op('N');

    public PickleBytes True => Raw(0x88);

    public PickleBytes Mark => Op('(');

    public PickleBytes Tuple => Op('t');

    public PickleBytes EmptyTuple => Op(')');

    public PickleBytes EmptyDict => Op('}');

    public PickleBytes EmptyList => Op(']');

    public PickleBytes SetItems => Op('u');

    public PickleBytes Appends => Op('e');

    public PickleBytes Reduce => Op('R');

    public PickleBytes Build => Op('b');

    public PickleBytes NewObject => Raw(0x81);

    public PickleBytes Persistent => Op('Q');

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').Int32(bytes.Length).Raw(bytes);
    }

    public PickleBytes Number(long number) => number is >= int.MinValue and <= int.MaxValue
        ? Op('J').Int32((int)number)
        : Raw(0x8a, 8).Raw(BitConverter.GetBytes(number));

    public PickleBytes Float(double number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        return Op('G').Raw(bytes);
    }

    public PickleBytes Numbers(params long[] numbers)
    {
        _ = Mark;
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Tuple;
    }

    public PickleBytes Global(string module, string name) => Op('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBytes OrderedDict => Global("collections", "OrderedDict").EmptyTuple.Reduce;

    public PickleBytes Put(int index) => Op('r').Int32(index);

    public PickleBytes Get(int index) => Op('j').Int32(index);

    /// <summary>A reference to numbers outside the pickle.</summary>
    public PickleBytes Storage(string type, string key, long count) =>
        Mark.Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Tuple.Persistent;

    public PickleBytes Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Mark
            .Storage(type, key, count).Number(offset).Numbers(shape).Numbers(strides).Raw(0x89).OrderedDict.Tuple.Reduce;

    /// <summary>A file's usual outer shape: <c>{"model": OrderedDict(content)}</c>.</summary>
    public static byte[] Model(Action<PickleBytes> content) => Dictionary(pickle =>
    {
        _ = pickle.Text("model").OrderedDict.Mark;
        content(pickle);
        _ = pickle.SetItems;
    });

    public static byte[] Dictionary(Action<PickleBytes> content)
    {
        var pickle = new PickleBytes().EmptyDict.Mark;
        content(pickle);
        return pickle.SetItems.Stop();
    }

    private PickleBytes Int32(int number) => Raw(BitConverter.GetBytes(number));
}
