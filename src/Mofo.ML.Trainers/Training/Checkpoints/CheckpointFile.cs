using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>One checkpoint as one file: safetensors with the state as JSON among its metadata, under a checksum of the whole file.</summary>
/// <remarks>The checksum is the first metadata entry, at a fixed place: SHA-256 of the file with zeros in that place, in hexadecimal.</remarks>
internal static class CheckpointFile
{
    private const int ChecksumLength = 64;

    private static readonly byte[] BeforeChecksum = Encoding.ASCII.GetBytes("{\"__metadata__\":{\"" + WeightFiles.ChecksumKey + "\":\"");

    private static readonly string NoChecksum = new('0', ChecksumLength);

    private static int ChecksumPosition => 8 + BeforeChecksum.Length;

    public static void Write(string path, CheckpointState state, IReadOnlyCollection<WeightTensor> tensors) => AtomicFile.Write(path, stream =>
    {
        var metadata = new OrderedDictionary<string, string> { [WeightFiles.ChecksumKey] = NoChecksum, [WeightFiles.StateKey] = state.ToJson() };
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashing = new HashingStream(stream, sha.AppendData);
        Safetensors.Write(hashing, tensors, metadata);
        stream.Position = ChecksumPosition;
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(sha.GetHashAndReset())));
    });

    /// <summary>Opens a checkpoint after reading it once to verify the checksum.</summary>
    /// <exception cref="WeightFileException">The file is damaged or no checkpoint.</exception>
    /// <exception cref="CheckpointException">It is whole but of another version.</exception>
    public static Checkpoint Open(string path)
    {
        Verify(path);
        var tensors = Safetensors.Open(path);
        try
        {
            return new Checkpoint(path, CheckpointState.FromJson(tensors.Metadata.GetValueOrDefault(WeightFiles.StateKey) ?? ""), tensors);
        }
        catch (JsonException e)
        {
            tensors.Dispose();
            throw new WeightFileException(path, null, $"a state that cannot be read ({e.Message.TrimEnd('.')})", "the state of a training as JSON", e);
        }
        catch (NotSupportedException e)
        {
            tensors.Dispose();
            throw new CheckpointException(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)} was written by another version: {e.Message}. Choose an empty folder.", e);
        }
    }

    private static void Verify(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var start = new byte[ChecksumPosition + ChecksumLength];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan(8).StartsWith(BeforeChecksum))
        {
            throw new WeightFileException(path, null, "no checksum at its place", "a checkpoint");
        }

        var expected = Encoding.ASCII.GetString(start, ChecksumPosition, ChecksumLength);
        start.AsSpan(ChecksumPosition).Fill((byte)'0');
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        var buffer = new byte[1 << 20];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            hash.AppendData(buffer, 0, read);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != expected)
        {
            throw new WeightFileException(path, null, $"the checksum {found}", $"{expected}, as the file itself says");
        }
    }
}
