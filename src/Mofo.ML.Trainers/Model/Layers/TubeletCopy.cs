using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Copies tubelets of float32 clips on a CPU in one pass: torch's indexing works out the address of every value.</summary>
internal static unsafe class TubeletCopy
{
    private const int Channels = 3;

    /// <summary>Whether these clips can be copied so: autograd does not see it.</summary>
    public static bool Fits(Tensor pixels) =>
        pixels.device_type == DeviceType.CPU && pixels.dtype == ScalarType.Float32 && pixels.is_contiguous() && !(is_grad_enabled() && pixels.requires_grad);

    /// <summary>[B,3,T,H,W] -> [B,M,P].</summary>
    /// <param name="pixels">Clips that fit.</param>
    /// <param name="config">Sizes of tubelet and patch.</param>
    /// <param name="tokens">[B,M] int64 on the CPU, or null for all tokens in order.</param>
    /// <param name="order">Order inside a row.</param>
    public static Tensor Cut(Tensor pixels, VitConfig config, Tensor? tokens, TubeletOrder order)
    {
        var shape = pixels.shape;
        var cut = new Layout(shape[2], shape[3], shape[4], config.TubeletSize, config.PatchSize);
        using var indices = tokens?.contiguous();
        var count = indices?.shape[1] ?? cut.Tokens;
        var result = empty([shape[0], count, cut.Values]);
        if (result.numel() == 0)
        {
            return result;
        }

        var source = (float*)TensorMemory.Address(pixels);
        var target = (float*)TensorMemory.Address(result);
        var asked = indices is null ? null : (long*)TensorMemory.Address(indices);
        for (var sample = 0L; sample < shape[0]; sample++, source += Channels * cut.Channel)
        {
            for (var i = 0L; i < count; i++, target += cut.Values)
            {
                var token = asked is null ? i : *asked++;
                if ((ulong)token >= (ulong)cut.Tokens)
                {
                    throw new ArgumentOutOfRangeException(nameof(tokens), token, Invariant($"A clip has tokens 0 to {cut.Tokens - 1}."));
                }

                cut.Copy(source + cut.Start(token), target, order);
            }
        }

        return result;
    }

    /// <summary>Where tubelets lie in a clip.</summary>
    private readonly struct Layout(long frames, long height, long width, long tubelet, long patch)
    {
        /// <summary>Values of a channel of a clip.</summary>
        public long Channel => frames * height * width;

        public long Tokens => frames / tubelet * (height / patch) * (width / patch);

        /// <summary>Values of a token.</summary>
        public long Values => Channels * tubelet * patch * patch;

        /// <summary>Offset of a token's first value in its clip.</summary>
        public long Start(long token)
        {
            var (columns, rows) = (width / patch, height / patch);
            return (token / (rows * columns) * tubelet * height * width) + (token / columns % rows * patch * width) + (token % columns * patch);
        }

        public void Copy(float* from, float* to, TubeletOrder order)
        {
            for (var frame = 0L; frame < tubelet; frame++)
            {
                for (var y = 0L; y < patch; y++)
                {
                    var line = from + (((frame * height) + y) * width);
                    var first = ((frame * patch) + y) * patch;
                    if (order == TubeletOrder.ChannelLast)
                    {
                        var pixel = to + (first * Channels);
                        for (var x = 0L; x < patch; x++, pixel += Channels)
                        {
                            pixel[0] = line[x];
                            pixel[1] = line[x + Channel];
                            pixel[2] = line[x + (2 * Channel)];
                        }

                        continue;
                    }

                    for (var channel = 0L; channel < Channels; channel++)
                    {
                        new ReadOnlySpan<float>(line + (channel * Channel), (int)patch).CopyTo(new Span<float>(to + (channel * tubelet * patch * patch) + first, (int)patch));
                    }
                }
            }
        }
    }
}
