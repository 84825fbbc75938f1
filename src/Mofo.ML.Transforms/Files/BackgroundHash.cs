using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Mofo.ML.Transforms.Files;

/// <summary>SHA-256 of bytes that come one after the other, computed on a thread of its own while the caller goes on.</summary>
/// <remarks>The bytes are copied in small chunks, which the processor's cache still holds, so that the caller may change or free them at once.</remarks>
internal sealed class BackgroundHash : IDisposable
{
    private const int ChunkBytes = 1 << 19;

    /// <summary>Chunks that wait at most: the caller waits where hashing falls behind by more.</summary>
    private const int MostWaiting = 16;

    private readonly BlockingCollection<(byte[] Bytes, int Count)> _waiting = new(MostWaiting);
    private readonly Task<byte[]> _hash;

    public BackgroundHash() => _hash = Task.Factory.StartNew(Hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Adds bytes; one caller at a time.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, ChunkBytes);
            var chunk = ArrayPool<byte>.Shared.Rent(count);
            bytes[..count].CopyTo(chunk);
            _waiting.Add((chunk, count));
            bytes = bytes[count..];
        }
    }

    /// <summary>The hash of all bytes; nothing can be added afterwards.</summary>
    public byte[] Finish()
    {
        _waiting.CompleteAdding();
        return _hash.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _ = Finish();
        _waiting.Dispose();
    }

    private byte[] Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (bytes, count) in _waiting.GetConsumingEnumerable())
        {
            sha.AppendData(bytes, 0, count);
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return sha.GetHashAndReset();
    }
}
