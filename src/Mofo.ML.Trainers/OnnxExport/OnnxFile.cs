using System.Globalization;
using Google.Protobuf;
using Mofo.ML.Trainers.OnnxExport.Schema;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>Writes a graph as an ONNX file; weights too large for one protocol buffer go to <c>FILE.data</c> beside it.</summary>
internal static class OnnxFile
{
    /// <summary>Version of the ONNX file format: the one that came with opset 20.</summary>
    public const int IrVersion = 9;

    /// <summary>Version of the operators: the first with Gelu (ONNX 1.15, November 2023; ONNX Runtime 1.17).</summary>
    public const int Opset = 20;

    /// <summary>Where tensors begin in the data file: whole pages, so that readers may map them into memory.</summary>
    private const int Alignment = 4096;

    /// <summary>Smaller tensors (shapes, constants) stay in the model file, where the reader needs their values.</summary>
    private const int SmallestOutside = 1024;

    /// <summary>Writes file and data beside their places and renames them, data first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="metadata">Text that the file carries.</param>
    /// <param name="singleFileLimit">More bytes of weights than this go to the data file.</param>
    public static void Write(string path, OnnxGraph graph, IEnumerable<KeyValuePair<string, string>> metadata, long singleFileLimit)
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "Mofo.ML", ProducerVersion = ProducerVersion, Graph = graph.Proto.Clone() };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.MetadataProps.AddRange(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        var data = LinkedPath.Target(path) + ".data"; // beside the file itself, where it is written through a link
        if (graph.Weights.Sum(weight => weight.ByteCount) > singleFileLimit)
        {
            AtomicFile.Write(data, stream =>
                model.Graph.Initializer.AddRange(graph.Weights.Select(weight => weight.ByteCount < SmallestOutside ? Inside(weight) : Outside(weight, stream, Path.GetFileName(data)))));
        }
        else
        {
            model.Graph.Initializer.AddRange(graph.Weights.Select(Inside));
        }

        AtomicFile.Write(path, stream => model.WriteTo(stream));
        if (!model.Graph.Initializer.Any(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External))
        {
            File.Delete(data); // of an earlier, larger model of this name, which needed it until now
        }
    }

    private static string ProducerVersion => typeof(OnnxFile).Assembly.GetName().Version!.ToString(3);

    private static TensorProto Describe(OnnxWeight weight)
    {
        var tensor = new TensorProto { Name = weight.Name, DataType = (int)weight.Type };
        tensor.Dims.AddRange(weight.Shape);
        return tensor;
    }

    private static TensorProto Inside(OnnxWeight weight)
    {
        var tensor = Describe(weight);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(Bytes(weight));
        return tensor;
    }

    private static TensorProto Outside(OnnxWeight weight, Stream stream, string file)
    {
        stream.Write(new byte[(Alignment - (stream.Position % Alignment)) % Alignment]);
        var tensor = Describe(weight);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = stream.Position.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = weight.ByteCount.ToString(CultureInfo.InvariantCulture) });
        stream.Write(Bytes(weight));
        return tensor;
    }

    private static byte[] Bytes(OnnxWeight weight)
    {
        var bytes = weight.Bytes();
        return bytes.Length == weight.ByteCount
            ? bytes
            : throw new InvalidOperationException(Invariant($"The weight '{weight.Name}' has {bytes.Length} bytes; its shape needs {weight.ByteCount}."));
    }
}
