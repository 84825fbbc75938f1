namespace Mofo.ML.Trainers.Weights;

/// <summary>Reads a claimed number of bytes while allocating only in step with what really arrives.</summary>
/// <remarks>A file of 100 bytes that claims two gigabytes therefore costs one chunk, not two gigabytes.</remarks>
internal sealed class GrowingBuffer(int claimed)
{
    private const int FirstChunk = 1 << 20;

    public byte[] Bytes { get; private set; } = GC.AllocateUninitializedArray<byte>(Math.Min(claimed, FirstChunk));

    /// <summary>False when the stream ends before the claimed number of bytes.</summary>
    public bool FillFrom(Stream stream)
    {
        var filled = 0;
        while (true)
        {
            var room = Bytes.AsSpan(filled);
            if (stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false) < room.Length)
            {
                return false;
            }

            filled = Bytes.Length;
            if (filled == claimed)
            {
                return true;
            }

            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(claimed, 2L * filled));
            Bytes.CopyTo(larger, 0);
            Bytes = larger;
        }
    }
}
