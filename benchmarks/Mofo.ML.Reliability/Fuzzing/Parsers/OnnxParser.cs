using Mofo.ML.Transforms.OnnxScoring;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>ONNX files, as far as this project reads them itself: metadata, and the files that a model names.</summary>
/// <param name="samples">Exported models.</param>
internal sealed class OnnxParser(IEnumerable<byte[]> samples) : Parser
{
    public override string Name => "onnx";

    public override IReadOnlyList<byte[]> Seeds { get; } = [[0x08, 9, 0x3A, 20, 0x2A, 18, 0x08, 1, 0x6A, 14, 0x0A, 8, .. "location"u8, 0x12, 2, .. "x.d"u8[..2], 0x72, 6, 0x0A, 1, (byte)'k', 0x12, 1, (byte)'v'], .. samples.Select(Small)];

    public override IReadOnlyList<Mutation> Mutations => [];

    public override void Read(byte[] input)
    {
        using var stream = new MemoryStream(input);
        _ = OnnxExternalData.LocationsOf("model.onnx", stream);
        _ = OnnxModelFile.Of("model.onnx", input);
    }

    public override bool Documents(Exception error) => error is InvalidDataException;

    /// <summary>The metadata of a model without its graph: weights are not read here, and only cost time.</summary>
    private static byte[] Small(byte[] model)
    {
        using var memory = new MemoryStream();
        foreach (var (key, value) in OnnxMetadata.Read("sample", new MemoryStream(model)))
        {
            byte[] pair = [.. Text(0x0A, key), .. Text(0x12, value)];
            memory.Write([0x72, .. Length(pair.Length), .. pair]);
        }

        return memory.ToArray();
    }

    private static byte[] Text(byte field, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return [field, .. Length(bytes.Length), .. bytes];
    }

    private static byte[] Length(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Length(value >> 7)];
}
