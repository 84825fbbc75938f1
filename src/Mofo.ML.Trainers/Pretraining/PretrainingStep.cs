using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>One step of masked autoencoding: predict the values of hidden tokens, mean squared error.</summary>
internal sealed class PretrainingStep(MaskedAutoencoder model, MofoPretrainingOptions options, Device device) : ITrainingStep<PretrainingClip>
{
    private readonly RunningCellMasking? _decoderMasking = options.DecoderKeepRatio < 1 ? new(options.DecoderKeepRatio) : null;

    /// <summary>What is predicted.</summary>
    public ReconstructionTargets Targets { get; } = new(options.Model, options.NormalizeTargets, options.ReconstructionTarget);

    public StepLoss Loss(IReadOnlyList<PretrainingClip> batch, Random random)
    {
        var (clips, predictions, masks) = Predict(batch, _decoderMasking);
        var targets = Targets.Of(clips, masks.Masked);
        var inside = Inside(batch, masks.Masked);
        var losses = MaskedPixelLoss.ByRegion(predictions, targets, inside);
        var loss = new StepLoss(losses.Total) { Inside = losses.Inside, Outside = losses.Outside, Baseline = Spread(targets) };
        if (options.WorldInForce.Size == 1)
        {
            return loss;
        }

        var tokens = inside.sum().item<long>();
        return loss with { InsideTokens = tokens, OutsideTokens = inside.numel() - tokens };
    }

    /// <summary>Mean squared error of a network that gives each clip one value throughout, its mean: the variance within clips.</summary>
    /// <remarks>In two passes of vector instructions: on a CPU, torch's own variance takes one value at a time.</remarks>
    private static Tensor Spread(Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var error = targets - targets.mean([1, 2], keepdim: true);
        return error.mul_(error).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The clips as the model sees them, and its predictions [B,M,V] of hidden tokens, in the caller's scope.</summary>
    /// <param name="batch">Clips with masks.</param>
    /// <param name="decoderMasking">Which of the hidden tokens; null for all.</param>
    public (SeenClips Clips, Tensor Predictions, MaskTensors Masks) Predict(IReadOnlyList<PretrainingClip> batch, RunningCellMasking? decoderMasking = null)
    {
        var config = options.Model;
        var clips = SeenClips.Of(PixelBatch.Stack([.. batch.Select(clip => clip.Pixels)], config, device), config.Input);
        var masks = MaskTensors.From([.. batch.Select(clip => clip.Mask)], config.TimeSlices, device, decoderMasking);
        return (clips, model.call(clips, masks.Visible, masks.Masked), masks);
    }

    /// <summary>[B,M] bool: which of the hidden tokens lie in the motion box.</summary>
    private Tensor Inside(IReadOnlyList<PretrainingClip> batch, Tensor masked)
    {
        var cells = options.Model.Grid.Cells;
        var inBox = tensor(batch.SelectMany(clip => clip.InBox).ToArray(), [batch.Count, cells]).SentTo(device);
        return inBox.gather(1, masked.remainder(KeptScalar.Of((long)cells)));
    }
}
