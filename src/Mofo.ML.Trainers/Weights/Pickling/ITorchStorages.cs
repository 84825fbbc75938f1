namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>The part of a file that holds the numbers of its tensors.</summary>
internal interface ITorchStorages : IDisposable
{
    /// <summary>Checks, before anything is read, that the storage is there in the size that the pickle claims.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="byteCount">Bytes it should have.</param>
    /// <param name="tensor">Tensor that asks, for messages.</param>
    void Check(TorchStorage storage, long byteCount, string tensor);

    /// <summary>Reads bytes from somewhere within a checked storage.</summary>
    void Read(TorchStorage storage, long byteOffset, Span<byte> destination, string tensor);
}
