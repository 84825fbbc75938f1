using System.Text;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>An ONNX file that says how its clips are cut, and holds no network: all that cutting clips asks for.</summary>
internal static class DescribedModel
{
    private static readonly (string Key, string Value)[] Facts =
    [
        ("mofo.kind", "encoder"), ("mofo.frames", "4"), ("mofo.image_size", "16"), ("mofo.sampling", "Uniform"), ("mofo.frame_stride", "1"),
        ("mofo.test_segments", "1"), ("mofo.test_crops", "1"), ("mofo.mean", "[0.485,0.456,0.406]"), ("mofo.std", "[0.229,0.224,0.225]"),
    ];

    public static string Write(string path)
    {
        using var file = new MemoryStream();
        foreach (var (key, value) in Facts)
        {
            // Protocol buffers: field 14 of the model is a pair of texts, fields 1 and 2.
            byte[] entry = [10, (byte)key.Length, .. Encoding.ASCII.GetBytes(key), 18, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
            file.Write([114, (byte)entry.Length, .. entry]);
        }

        using var target = File.Create(path);
        file.WriteTo(target);
        return path;
    }
}
