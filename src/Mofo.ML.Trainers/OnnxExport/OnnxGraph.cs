using System.Globalization;
using System.Runtime.InteropServices;
using Mofo.ML.Trainers.OnnxExport.Schema;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>Collects the nodes and weights of one ONNX graph. Values are known by name; every node has one output unless said otherwise.</summary>
/// <remarks>Knows ONNX, not our network.</remarks>
internal sealed class OnnxGraph(string name)
{
    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, OnnxWeight> _weights = [];
    private readonly Dictionary<string, int> _used = [];

    /// <summary>Nodes, inputs and outputs; the weights are filled in by the file writer.</summary>
    public GraphProto Proto => _graph;

    public IReadOnlyCollection<OnnxWeight> Weights => _weights.Values;

    /// <summary>An input whose axes are fixed (a number) or free (a name). Gives its name.</summary>
    public string Input(string input, DataType type, params ReadOnlySpan<object> axes)
    {
        _graph.Input.Add(Describe(input, type, axes));
        return input;
    }

    /// <summary>Makes a value an output of the graph under another name.</summary>
    public void Output(string value, string output, DataType type, params ReadOnlySpan<object> axes)
    {
        _ = Node("Identity", [value], named: output);
        _graph.Output.Add(Describe(output, type, axes));
    }

    /// <summary>Adds a node and gives the name of its output.</summary>
    /// <param name="operation">ONNX operator.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="attributes">Attributes.</param>
    /// <param name="named">Name of the output, where it is to be found again; else one is made.</param>
    public string Node(string operation, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes = default, string? named = null) =>
        Nodes(operation, inputs, 1, attributes, named)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Nodes(string operation, ReadOnlySpan<string> inputs, int outputs, ReadOnlySpan<AttributeProto> attributes = default, string? named = null)
    {
        var unique = named ?? Unique(operation);
        var node = new NodeProto { Name = unique, OpType = operation };
        node.Input.AddRange(inputs.ToArray());
        node.Attribute.AddRange(attributes.ToArray());
        string[] names = outputs == 1 ? [unique] : [.. Enumerable.Range(0, outputs).Select(i => Invariant($"{unique}:{i}"))];
        node.Output.AddRange(names);
        _graph.Node.Add(node);
        return names;
    }

    /// <summary>Adds a weight once; asking again for the same name gives the same one.</summary>
    public string Weight(OnnxWeight weight)
    {
        _ = _weights.TryAdd(weight.Name, weight);
        return weight.Name;
    }

    /// <summary>A single float32.</summary>
    public string Constant(float value) => Weight(new OnnxWeight(Invariant($"const/{value:R}"), DataType.Float, [], Bytes(value)));

    /// <summary>A single float16.</summary>
    public string Constant(Half value) => Weight(new OnnxWeight(Invariant($"const/half/{value:R}"), DataType.Float16, [], Bytes(value)));

    /// <summary>A row of int64, as shapes and axes are given.</summary>
    public string Shape(params long[] values) =>
        Weight(new OnnxWeight($"shape/{string.Join("x", values.Select(v => v.ToString(CultureInfo.InvariantCulture)))}", DataType.Int64, [values.Length], () => MemoryMarshal.AsBytes<long>(values).ToArray()));

    private static Func<byte[]> Bytes<T>(T value)
        where T : unmanaged => () => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static ValueInfoProto Describe(string name, DataType type, ReadOnlySpan<object> axes)
    {
        var shape = new TensorShapeProto();
        foreach (var axis in axes)
        {
            shape.Dim.Add(axis is string free
                ? new TensorShapeProto.Types.Dimension { DimParam = free }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(axis, CultureInfo.InvariantCulture) });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private string Unique(string operation)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_used, operation, out _);
        return Invariant($"{operation}_{count++}");
    }
}
