using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>A file with the frames of one video as plain RGB bytes, so that any of them is one read away.</summary>
/// <remarks>
/// Frames one after the other; then the SHA-256 of each; then, little-endian, five 32-bit numbers: frames, width, height, width and height
/// of the video; then the SHA-256 of all that follows the frames. A file is checked when it is opened, a frame when it is read.
/// </remarks>
internal sealed class StoredFrames : KeptFrames, IDisposable
{
    /// <summary>Raise it whenever the same video gives another file.</summary>
    public const int Version = 2;

    private const int Facts = 5 * sizeof(int);
    private const int Hash = SHA256.HashSizeInBytes;
    private readonly SafeFileHandle _file;
    private readonly byte[] _hashes;
    private readonly (int Width, int Height) _size;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">It does not fit its own hash.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public StoredFrames(string path)
    {
        _file = File.OpenHandle(path);
        try
        {
            Span<byte> end = stackalloc byte[Facts + Hash];
            var length = RandomAccess.GetLength(_file);
            Read(length - end.Length, end);
            var facts = new int[5];
            for (var i = 0; i < facts.Length; i++)
            {
                facts[i] = BinaryPrimitives.ReadInt32LittleEndian(end[(i * sizeof(int))..]);
            }

            (Count, _size, SourceSize) = (facts[0], (facts[1], facts[2]), (facts[3], facts[4]));
            if (facts.Min() < 1 || (UInt128)length != ((UInt128)Count * (((UInt128)_size.Width * (uint)_size.Height * 3) + Hash)) + (uint)end.Length)
            {
                throw new InvalidDataException("its length does not fit its content");
            }

            _hashes = new byte[Count * Hash];
            Read(length - end.Length - _hashes.Length, _hashes);
            if (!SHA256.HashData([.. _hashes, .. end[..Facts]]).AsSpan().SequenceEqual(end[Facts..]))
            {
                throw new InvalidDataException("its checksum does not fit its content");
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override int Count { get; }

    public override (int Width, int Height) SourceSize { get; }

    /// <summary>Writes the frames of a video, all of one size.</summary>
    public static void Write(Stream stream, IEnumerable<Frame> frames, (int Width, int Height) sourceSize)
    {
        using var hashes = new MemoryStream();
        var (count, size) = (0, (Width: 0, Height: 0));
        foreach (var frame in frames)
        {
            (count, size) = (count + 1, (frame.Width, frame.Height));
            stream.Write(frame.Pixels);
            hashes.Write(SHA256.HashData(frame.Pixels));
        }

        Span<byte> fact = stackalloc byte[sizeof(int)];
        foreach (var value in (ReadOnlySpan<int>)[count, size.Width, size.Height, sourceSize.Width, sourceSize.Height])
        {
            BinaryPrimitives.WriteInt32LittleEndian(fact, value);
            hashes.Write(fact);
        }

        var end = hashes.ToArray();
        stream.Write(end);
        stream.Write(SHA256.HashData(end));
    }

    public void Dispose() => _file.Dispose();

    protected override Frame At(int index)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(_size.Width * _size.Height * 3);
        Read((long)index * pixels.Length, pixels);
        return SHA256.HashData(pixels).AsSpan().SequenceEqual(_hashes.AsSpan(index * Hash, Hash))
            ? new Frame(_size.Width, _size.Height, pixels)
            : throw new InvalidDataException(Invariant($"the checksum of frame {index} does not fit its content"));
    }

    private void Read(long offset, Span<byte> bytes)
    {
        if (offset < 0)
        {
            throw new InvalidDataException("it is too short");
        }

        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
            {
                throw new InvalidDataException("it breaks off");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
