namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Writes an uncompressed animated GIF of plain grey pictures, since OpenCV's video writer has no GIF.</summary>
internal static class GifFile
{
    public static byte[] Of(int width, int height, byte[] frames)
    {
        using var stream = new MemoryStream();
        stream.Write("GIF89a"u8);
        stream.Write([(byte)width, 0, (byte)height, 0, 0xF6, 0, 0]);
        for (var i = 0; i < 128; i++)
        {
            stream.Write([(byte)(2 * i), (byte)(2 * i), (byte)(2 * i)]);
        }

        foreach (var grey in frames)
        {
            stream.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0]);
            stream.Write([0x2C, 0, 0, 0, 0, (byte)width, 0, (byte)height, 0, 0, 7]);
            WriteCodes(stream, (byte)(grey / 2), width * height);
            stream.WriteByte(0);
        }

        stream.WriteByte(0x3B);
        return stream.ToArray();
    }

    /// <summary>8-bit codes; a clear code (128) often enough that the code length never grows.</summary>
    private static void WriteCodes(MemoryStream stream, byte index, int pixels)
    {
        var codes = new List<byte>();
        for (var i = 0; i < pixels; i++)
        {
            if (i % 100 == 0)
            {
                codes.Add(128);
            }

            codes.Add(index);
        }

        codes.Add(129);
        foreach (var block in codes.Chunk(255))
        {
            stream.WriteByte((byte)block.Length);
            stream.Write(block);
        }
    }
}
