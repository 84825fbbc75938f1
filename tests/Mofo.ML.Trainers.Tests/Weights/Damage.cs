namespace Mofo.ML.Trainers.Tests.Weights;

/// <summary>Ways in which files get damaged: cut, flipped, overwritten, repeated, replaced by noise.</summary>
internal static class Damage
{
    public static byte[] Apply(byte[] good, Random random)
    {
        var bytes = (byte[])good.Clone();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var i = random.Next(1, 8); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
            case 2:
                // Damage near the start hits headers more often than chance would.
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(Math.Min(bytes.Length, 200))] = (byte)random.Next(256);
                }

                return bytes;
            case 3:
                var start = random.Next(bytes.Length);
                return [.. bytes[..start], .. bytes[random.Next(start + 1)..]];
            default:
                random.NextBytes(bytes);
                return bytes;
        }
    }
}

/// <summary>A stream that can only be read forwards, as an entry of a zip file is, in odd portions.</summary>
internal sealed class ForwardStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 7));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
