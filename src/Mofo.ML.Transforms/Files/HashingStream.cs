namespace Mofo.ML.Transforms.Files;

/// <summary>Passes bytes on, in either direction, and adds them to a hash on the way; leaves the inner stream open.</summary>
/// <param name="inner">Where they come from or go to.</param>
/// <param name="append">Adds bytes to the hash.</param>
internal sealed class HashingStream(Stream inner, Action<ReadOnlySpan<byte>> append) : Stream
{
    /// <summary>Bytes of one read at most, so that they are hashed while the processor's cache still holds them.</summary>
    private const int MostAtOnce = 1 << 19;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..Math.Min(buffer.Length, MostAtOnce)]);
        append(buffer[..read]);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        append(buffer);
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
