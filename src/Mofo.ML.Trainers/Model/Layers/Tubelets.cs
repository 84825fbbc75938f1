using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Order of the values inside one token's row of pixels.</summary>
internal enum TubeletOrder
{
    /// <summary>((channel * frames + frame) * patch + y) * patch + x: a 3-D convolution's weight.</summary>
    ChannelFirst,

    /// <summary>((frame * patch + y) * patch + x) * 3 + channel: the original's reconstruction targets.</summary>
    ChannelLast,
}

/// <summary>Cuts clips into tokens of TubeletSize x PatchSize x PatchSize pixels.</summary>
internal static class Tubelets
{
    /// <summary>[B,3,T,H,W] -> [B,N,P], or [B,M,P] for the tokens asked for; only those are copied.</summary>
    /// <param name="pixels">[B,3,T,H,W].</param>
    /// <param name="config">Sizes of tubelet and patch.</param>
    /// <param name="tokens">[B,M] int64 token indices, or null for all in order.</param>
    /// <param name="order">Order inside a row.</param>
    public static Tensor Cut(Tensor pixels, VitConfig config, Tensor? tokens, TubeletOrder order)
    {
        if (TubeletCopy.Fits(pixels))
        {
            return TubeletCopy.Cut(pixels, config, tokens, order);
        }

        using var scope = NewDisposeScope();
        long tubelet = config.TubeletSize, patch = config.PatchSize;
        var (batch, slices, rows, columns) = (pixels.shape[0], pixels.shape[2] / tubelet, pixels.shape[3] / patch, pixels.shape[4] / patch);
        var split = pixels.reshape(batch, 3, slices, tubelet, rows, patch, columns, patch); // [B,3,t,f,h,y,w,x]
        var cells = order == TubeletOrder.ChannelFirst
            ? split.permute(0, 2, 4, 6, 1, 3, 5, 7) // [B,t,h,w,3,f,y,x]
            : split.permute(0, 2, 4, 6, 3, 5, 7, 1); // [B,t,h,w,f,y,x,3]
        if (tokens is null)
        {
            return cells.reshape(batch, slices * rows * columns, -1).MoveToOuterDisposeScope();
        }

        var sample = KeptScalar.Count(batch, pixels.device).unsqueeze(1); // [B,1]
        var slice = tokens.div(KeptScalar.Of(rows * columns), RoundingMode.floor);
        var row = tokens.div(KeptScalar.Of(columns), RoundingMode.floor).remainder(KeptScalar.Of(rows));
        var column = tokens.remainder(KeptScalar.Of(columns));
        return cells.index(sample, slice, row, column).flatten(2).MoveToOuterDisposeScope(); // [B,M,P]
    }
}
