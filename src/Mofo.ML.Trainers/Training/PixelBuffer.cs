using System.Buffers;
using Mofo.ML.Trainers.Clips;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>The normalised pixels of one clip, [3,T,H,W] float32 in a pooled buffer, on their way into a batch.</summary>
internal sealed class PixelBuffer : IDisposable
{
    private readonly int _length;
    private float[]? _values;

    /// <summary>Takes the pixels of the clip, which stays the caller's.</summary>
    public PixelBuffer(Clip clip)
    {
        _length = ClipTensor.LengthOf(clip.Length, clip.Width, clip.Height);
        _values = ArrayPool<float>.Shared.Rent(_length);
        ClipTensor.Write(clip, _values.AsSpan(0, _length));
    }

    private ReadOnlySpan<float> Values => (_values ?? throw new ObjectDisposedException(nameof(PixelBuffer))).AsSpan(0, _length);

    /// <summary>[B,3,T,H,W] float32 on the device.</summary>
    public static Tensor Stack(IReadOnlyList<PixelBuffer> clips, VitConfig model, Device device)
    {
        var batch = empty([clips.Count, 3, model.Frames, model.ImageSize, model.ImageSize], ScalarType.Float32, CPU);
        var target = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < clips.Count; i++)
        {
            clips[i].Values.CopyTo(target[(i * clips[i]._length)..]);
        }

        return device.type == TorchSharp.DeviceType.CPU ? batch : batch.to(device);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, null) is { } values)
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
