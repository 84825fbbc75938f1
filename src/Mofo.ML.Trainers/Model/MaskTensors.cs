using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>Token indices of a batch of masks, as the autoencoder takes them.</summary>
/// <param name="Visible">[B,V] int64, ascending per sample.</param>
/// <param name="Masked">[B,M] int64, ascending per sample: the tokens to predict.</param>
internal sealed record MaskTensors(Tensor Visible, Tensor Masked) : IDisposable
{
    /// <summary>Builds the indices; all masks must hide the same number of tubes.</summary>
    /// <param name="masks">One mask per clip.</param>
    /// <param name="slices">Time slices of a clip.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <param name="decoderMasking">Which hidden tokens the decoder predicts; null for all.</param>
    public static MaskTensors From(IReadOnlyList<TubeMask> masks, int slices, Device device, RunningCellMasking? decoderMasking = null)
    {
        var visible = Rows(masks, mask => mask.Visible.Length * slices, (mask, row) => mask.WriteTokens(mask.Visible, row), device);
        var masked = decoderMasking is null
            ? Rows(masks, mask => mask.Masked.Length * slices, (mask, row) => mask.WriteTokens(mask.Masked, row), device)
            : Rows(masks, mask => decoderMasking.TokensFor(mask, slices), (mask, row) => decoderMasking.WriteTokens(mask, slices, row), device);
        return new MaskTensors(visible, masked);
    }

    public void Dispose()
    {
        Visible.Dispose();
        Masked.Dispose();
    }

    private static Tensor Rows(IReadOnlyList<TubeMask> masks, Func<TubeMask, int> length, Action<TubeMask, Span<long>> write, Device device)
    {
        var columns = length(masks[0]);
        var values = new long[masks.Count * columns];
        for (var i = 0; i < masks.Count; i++)
        {
            if (length(masks[i]) != columns)
            {
                throw new ArgumentException(Invariant($"Mask {i} has {length(masks[i])} tokens, the first one {columns}; one batch needs equal counts."), nameof(masks));
            }

            write(masks[i], values.AsSpan(i * columns, columns));
        }

        return tensor(values, [masks.Count, columns]).SentTo(device);
    }
}
