namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Finds out from an ONNX file itself whether it keeps weights in files beside it. What lies beside it by chance is not its own.</summary>
internal static class OnnxExternalData
{
    private const int Graph = 7; // of the model
    private const int Node = 1; // of a graph
    private const int Initializer = 5; // of a graph
    private const int Attribute = 5; // of a node
    private const int AttributeTensor = 5;
    private const int External = 13; // of a tensor: pairs of text
    private const string Location = "location";

    /// <summary>The files that a model names, relative to its own folder; none for a model that stands for itself.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="stream">The file, which can seek.</param>
    /// <exception cref="InvalidDataException">This is no ONNX file, or it is cut short.</exception>
    public static IReadOnlySet<string> LocationsOf(string file, Stream stream)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var graph in Messages(new ProtobufFields(file, stream), Graph))
        {
            while (graph.MoveNext())
            {
                switch (graph)
                {
                    case { Field: Initializer, Length: >= 0 }:
                        AddLocation(graph.Inside(), found);
                        break;
                    case { Field: Node, Length: >= 0 }:
                        foreach (var tensor in Messages(graph.Inside(), Attribute).SelectMany(attribute => Messages(attribute, AttributeTensor)))
                        {
                            AddLocation(tensor, found);
                        }

                        break;
                    default:
                        break;
                }
            }
        }

        return found;
    }

    private static IEnumerable<ProtobufFields> Messages(ProtobufFields within, int field)
    {
        while (within.MoveNext())
        {
            if (within.Field == field && within.Length >= 0)
            {
                yield return within.Inside();
            }
        }
    }

    private static void AddLocation(ProtobufFields tensor, HashSet<string> found)
    {
        foreach (var pair in Messages(tensor, External))
        {
            if (OnnxMetadata.ReadPair(pair) is (Location, var name))
            {
                _ = found.Add(name);
            }
        }
    }
}
