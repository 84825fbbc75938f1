namespace Mofo.ML.Transforms.Files;

/// <summary>All bytes of a stream in one array.</summary>
internal static class StreamBytes
{
    /// <summary>Reads to the end. Where the stream says how long it is, the bytes are copied once and no larger array is made on the way.</summary>
    /// <param name="stream">It stands at its beginning. A length that is not true costs memory, but no byte.</param>
    public static byte[] ReadToEnd(Stream stream)
    {
        using var memory = new MemoryStream(CapacityFor(stream));
        stream.CopyTo(memory);
        return memory.Length == memory.Capacity ? memory.GetBuffer() : memory.ToArray();
    }

    private static int CapacityFor(Stream stream)
    {
        try
        {
            return stream.Length is var length && length <= Array.MaxLength ? (int)length : 0;
        }
        catch (NotSupportedException)
        {
            return 0; // it is unpacked on the way
        }
    }
}
