using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights.Pickling;

/// <summary>Builds files of torch.save around hand-written pickles.</summary>
internal static class TorchFiles
{
    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Bytes)[] storages) => Zip("archive", CompressionLevel.NoCompression, pickle, storages);

    public static byte[] Zip(string folder, CompressionLevel packing, byte[] pickle, params (string Key, byte[] Bytes)[] storages) =>
        Archive(packing, [($"{folder}/data.pkl", pickle), .. storages.Select(s => ($"{folder}/data/{s.Key}", s.Bytes)), ($"{folder}/version", "3\n"u8.ToArray())]);

    public static byte[] Archive(CompressionLevel packing, params (string Name, byte[] Bytes)[] entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = zip.CreateEntry(name, packing).Open();
                stream.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    /// <summary>The old format; storages are given in file order with their number of elements.</summary>
    public static byte[] Stream(byte[] pickle, params (string Key, long Count, byte[] Bytes)[] storages)
    {
        var keys = new PickleBytes().EmptyList.Mark;
        foreach (var (key, _, _) in storages)
        {
            keys.Text(key);
        }

        var magic = new PickleBytes().Raw(0x8a, 10).Raw(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).Stop();
        var system = PickleBytes.Dictionary(p => _ = p.Text("protocol_version").Number(1001).Text("little_endian").True);
        return
        [
            .. magic, .. new PickleBytes().Number(1001).Stop(), .. system, .. pickle, .. keys.Appends.Stop(),
            .. storages.SelectMany(s => (byte[])[.. BitConverter.GetBytes(s.Count), .. s.Bytes]),
        ];
    }

    public static WeightSet Read(byte[] file) => TorchPickleReader.Read(new MemoryStream(file), "w.pth");

    public static string Refusal(byte[] file) => Assert.Throws<WeightFileException>(() => Read(file).Dispose()).Message;

    public static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static float[] Singles(WeightTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.ToArray()).ToArray();

    public static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
