using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>Reconstruction loss of a batch, with the parts inside and outside the motion box as figures.</summary>
/// <param name="Total">Mean squared error over all predicted values: the loss to train on (scalar).</param>
/// <param name="Inside">The same over tokens inside the motion box (scalar, detached); NaN when there are none.</param>
/// <param name="Outside">The same over tokens outside it (scalar, detached); NaN when there are none.</param>
internal readonly record struct PixelLosses(Tensor Total, Tensor Inside, Tensor Outside);

/// <summary>Mean squared error of the predicted values of hidden tokens.</summary>
internal static class MaskedPixelLoss
{
    /// <summary>[B,M,V], [B,M,V] -> scalar.</summary>
    public static Tensor Mean(Tensor predictions, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return nn.functional.mse_loss(predictions.to(ScalarType.Float32), targets).MoveToOuterDisposeScope();
    }

    /// <summary>The loss and its parts. Predictions and targets [B,M,V]; inside [B,M] bool, true where the token lies in the motion box.</summary>
    public static PixelLosses ByRegion(Tensor predictions, Tensor targets, Tensor inside)
    {
        using var scope = NewDisposeScope();
        var total = Mean(predictions, targets);
        using var frozen = no_grad();
        var error = predictions.detach().to(ScalarType.Float32) - targets;
        var perToken = error.mul_(error).mean([2]); // [B,M]
        return new PixelLosses(
            total.MoveToOuterDisposeScope(),
            MeanOf(perToken, inside).MoveToOuterDisposeScope(),
            MeanOf(perToken, inside.logical_not()).MoveToOuterDisposeScope());
    }

    /// <summary>Mean over the chosen values, NaN where there are none: 0 / 0 on a GPU, which would have to report to the host how many it selects.</summary>
    private static Tensor MeanOf(Tensor values, Tensor chosen)
    {
        if (values.device_type == DeviceType.CPU)
        {
            return values.masked_select(chosen).mean();
        }

        var weights = chosen.to(values.dtype);
        return (values * weights).sum() / weights.sum();
    }
}
