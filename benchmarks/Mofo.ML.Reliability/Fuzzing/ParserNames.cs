using Mofo.ML.Reliability.Fuzzing.Parsers;
using Mofo.ML.Reliability.Samples;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>The parsers that the campaign knows, and how many inputs each gets.</summary>
internal static class ParserNames
{
    /// <summary>Name, and its share of the number of inputs that the command line asks for. Loading a network takes a hundred times longer than the others.</summary>
    public static IReadOnlyList<(string Name, double Share)> All { get; } =
        [("list", 1), ("box-json", 1), ("safetensors", 1), ("pickle", 1), ("container", 1), ("header", 1), ("settings", 1), ("onnx", 1), ("model-zip", 1), ("network-zip", 0.02)];

    /// <param name="name">One of the names.</param>
    /// <param name="samples">Files that were made beforehand.</param>
    /// <param name="scratch">For files that a parser wants to have on disk; on a file system in memory where there is one.</param>
    public static Parser Open(string name, SampleFiles samples, string scratch) => name switch
    {
        "list" => new ListParser(scratch),
        "box-json" => new BoxJsonParser(),
        "safetensors" => new SafetensorsParser(),
        "pickle" => new PickleParser(),
        "container" => new ContainerParser(samples.SmallVideos()),
        "header" => new HeaderParser(samples.Pictures()),
        "settings" => new SettingsParser(scratch),
        "onnx" => new OnnxParser([File.ReadAllBytes(samples.Onnx)]),
        "model-zip" => new ModelZipParser(name, ModelZipParser.WithoutWeights(), scratch),
        "network-zip" => new ModelZipParser(name, [File.ReadAllBytes(samples.Model)], scratch),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"It must be one of {string.Join(", ", All.Select(parser => parser.Name))}."),
    };
}
