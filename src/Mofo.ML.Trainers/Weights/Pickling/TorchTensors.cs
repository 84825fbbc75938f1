namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>Checks what a pickle says about a tensor and turns it into a <see cref="WeightTensor"/> in row-major order.</summary>
internal sealed class TorchTensors(ITorchStorages storages, string origin)
{
    private const int MaxRank = 16;

    public WeightTensor ToWeight(string name, TorchTensor tensor)
    {
        if (!PickleGlobals.TryStorageType(tensor.Storage.TypeName, out var type))
        {
            throw new WeightFileException(origin, name, $"elements of type {tensor.Storage.TypeName}", $"one of {WeightTypes.KnownCodes}");
        }

        CheckShape(name, type, tensor);
        storages.Check(tensor.Storage, checked(tensor.Storage.Count * type.Size()), name);
        return new WeightTensor(name, type, tensor.Shape, destination => Read(name, type, tensor, destination));
    }

    private void CheckShape(string name, WeightType type, TorchTensor tensor)
    {
        var (storage, offset, shape, strides) = tensor;
        var described = Invariant($"{WeightTensor.Describe(shape)} with strides {WeightTensor.Describe(strides)} at offset {offset} of {storage.ViewCount} elements");
        if (shape.Length > MaxRank || shape.Length != strides.Length || strides.Any(stride => stride < 0) || offset < 0 || !WeightTensor.TryCountBytes(type, shape, out var bytes))
        {
            throw new WeightFileException(origin, name, described, Invariant($"sizes and strides of 0 and more, at most {MaxRank} of each, together at most {Array.MaxLength} bytes"));
        }

        if (storage.Count < 0 || storage.Count > long.MaxValue / 8 || storage.ViewOffset < 0 || storage.ViewCount < 0 || (Int128)storage.ViewOffset + storage.ViewCount > storage.Count)
        {
            throw new WeightFileException(origin, name, Invariant($"a storage of {storage.Count} elements seen from {storage.ViewOffset} on for {storage.ViewCount}"), "a view inside its storage");
        }

        // A tensor with more elements than its storage repeats some; a few bytes could then claim gigabytes.
        var count = bytes / type.Size();
        if (count > storage.ViewCount || (count > 0 && LastElement(tensor) >= storage.ViewCount))
        {
            throw new WeightFileException(origin, name, described, "a tensor inside its storage, each element once");
        }
    }

    private static Int128 LastElement(TorchTensor tensor) =>
        tensor.Shape.Zip(tensor.Strides).Aggregate((Int128)tensor.Offset, (last, axis) => last + ((Int128)(axis.First - 1) * axis.Second));

    private void Read(string name, WeightType type, TorchTensor tensor, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        var size = type.Size();
        var start = (tensor.Storage.ViewOffset + tensor.Offset) * size;
        if (IsRowMajor(tensor))
        {
            storages.Read(tensor.Storage, start, destination, name);
            return;
        }

        var span = (LastElement(tensor) - tensor.Offset + 1) * size;
        if (span > Array.MaxLength)
        {
            throw new WeightFileException(origin, name, Invariant($"elements scattered over {span} bytes"), Invariant($"at most {Array.MaxLength}"));
        }

        var scattered = new byte[(int)span];
        storages.Read(tensor.Storage, start, scattered, name);
        Gather(scattered, tensor, size, destination);
    }

    private static bool IsRowMajor(TorchTensor tensor)
    {
        var expected = 1L;
        for (var axis = tensor.Shape.Length - 1; axis >= 0; axis--)
        {
            // The stride of an axis of size 1 is never used and may be anything.
            if (tensor.Shape[axis] != 1 && tensor.Strides[axis] != expected)
            {
                return false;
            }

            expected *= tensor.Shape[axis];
        }

        return true;
    }

    private static void Gather(ReadOnlySpan<byte> scattered, TorchTensor tensor, int size, Span<byte> destination)
    {
        var index = new long[tensor.Shape.Length];
        var source = 0L;
        for (var target = 0; target < destination.Length; target += size)
        {
            scattered.Slice((int)source * size, size).CopyTo(destination[target..]);
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                source += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis])
                {
                    break;
                }

                source -= tensor.Shape[axis] * tensor.Strides[axis];
                index[axis] = 0;
            }
        }
    }
}
