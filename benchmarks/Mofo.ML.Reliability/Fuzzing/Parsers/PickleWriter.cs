using System.Text;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Writes small files of torch.save, in both formats, as sound inputs.</summary>
internal static class PickleWriter
{
    private static readonly byte[] Magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>The zip format, with the weights under a key (or at the top) and settings beside them.</summary>
    public static byte[] Zip(string? key) => Mutations.ZipFiles.Write([("archive/data.pkl", Root(key)), ("archive/data/0", new byte[24]), ("archive/data/1", new byte[8]), ("archive/version", "3\n"u8.ToArray())]);

    /// <summary>The format before it: pickles in a row, then the storages.</summary>
    public static byte[] Stream(string? key) =>
    [
        .. Magic, 0x80, 2, (byte)'M', .. BitConverter.GetBytes((ushort)1001), (byte)'.',
        0x80, 2, (byte)'}', (byte)'(', .. Text("little_endian"), 0x88, (byte)'u', (byte)'.',
        .. Root(key), 0x80, 2, (byte)']', (byte)'(', .. Text("0"), .. Text("1"), (byte)'e', (byte)'.',
        .. BitConverter.GetBytes(6L), .. new byte[24], .. BitConverter.GetBytes(1L), .. new byte[8],
    ];

    private static byte[] Root(string? key)
    {
        byte[] tensors = [.. Text("patch_embed.proj.weight"), .. Tensor("FloatStorage", "0", 6, [2, 3], [3, 1]), .. Text("steps"), .. Tensor("LongStorage", "1", 1, [], [])];
        byte[] content = key is null
            ? tensors
            : [.. Text(key), .. Name("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'(', .. tensors, (byte)'u', .. Text("args"), .. Name("argparse", "Namespace"), (byte)')', 0x81, (byte)'}', (byte)'b'];
        return [0x80, 2, (byte)'}', (byte)'q', 0, (byte)'(', .. content, (byte)'u', (byte)'.'];
    }

    private static byte[] Tensor(string storage, string key, int count, byte[] shape, byte[] strides) =>
    [
        .. Name("torch._utils", "_rebuild_tensor_v2"), (byte)'(',
        (byte)'(', .. Text("storage"), .. Name("torch", storage), .. Text(key), .. Text("cpu"), (byte)'K', (byte)count, (byte)'t', (byte)'Q',
        (byte)'K', 0, .. Numbers(shape), .. Numbers(strides), 0x89, .. Name("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'t', (byte)'R',
    ];

    private static byte[] Numbers(byte[] numbers) => [(byte)'(', .. numbers.SelectMany(n => (byte[])[(byte)'K', n]), (byte)'t'];

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Name(string module, string name) => Encoding.ASCII.GetBytes($"c{module}\n{name}\n");
}
