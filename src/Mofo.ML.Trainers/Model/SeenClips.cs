using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>A batch of clips as a network sees it, made once from normalised pixels; the embedding and the reconstruction targets take it.</summary>
/// <remarks>The one input step before the model: nothing else of the network knows which <see cref="ClipInput"/> it has. Its twin in ONNX is OnnxExport/Nodes/InputNodes.</remarks>
internal readonly record struct SeenClips
{
    private readonly ClipChanges? _changes;

    private SeenClips(Tensor values, TargetScale scale, ClipChanges? changes) => (Values, Scale, _changes) = (values, scale, changes);

    /// <summary>[B,3,T,H,W] float32: what the embedding cuts into tokens.</summary>
    public Tensor Values { get; }

    /// <summary>From these values to the unit of raw targets.</summary>
    public TargetScale Scale { get; }

    /// <summary>The input step: clips of normalised pixels, [B,3,T,H,W] float32, as a network with this input sees them.</summary>
    public static SeenClips Of(Tensor pixels, ClipInput input)
    {
        if (input == ClipInput.Pixels)
        {
            return new SeenClips(pixels, TargetScale.Pixels, null);
        }

        var changes = ClipChanges.Of(pixels);
        return new SeenClips(changes.Values, TargetScale.Changes, changes);
    }

    /// <summary>Raw targets as pixels in [0,1]; the scene and the contrast that the input left out are taken from the clips.</summary>
    /// <param name="targets">[B,M,P/3,3] in the unit of raw targets.</param>
    /// <param name="tokens">[B,M] int64.</param>
    /// <param name="config">Sizes of tubelet and patch.</param>
    /// <returns>[B,M,P/3,3].</returns>
    public Tensor ToPixels(Tensor targets, Tensor tokens, VitConfig config)
    {
        if (_changes is not { } changes)
        {
            return targets;
        }

        using var scope = NewDisposeScope();
        var still = Tubelets.Cut(changes.Still.expand_as(Values), config, tokens, TubeletOrder.ChannelLast).unflatten(2, -1, 3); // [B,M,P/3,3]
        return TargetScale.Pixels.Raw(still.Plus(targets * changes.Strength.view(-1, 1, 1, 1))).MoveToOuterDisposeScope();
    }
}

/// <summary>Unit of raw targets: target = seen value * Deviation + Mean, per channel.</summary>
/// <param name="Mean">Per channel; null for 0.</param>
/// <param name="Deviation">Per channel; null for 1.</param>
/// <param name="Flat">A token whose deviation, in the unit of raw targets, is at most this holds nothing but rounding.</param>
internal sealed record TargetScale(float[]? Mean, float[]? Deviation, double Flat)
{
    /// <summary>The smallest step of an 8-bit picture in one pixel of a token gives a deviation of 1e-4; rounding of a flat token gives 1e-7.</summary>
    private const double FlatPixels = 1e-6;

    /// <summary>Pixels are seen normalised by channel and predicted in [0,1].</summary>
    public static TargetScale Pixels { get; } = new(ClipTensor.Mean, ClipTensor.StandardDeviation, FlatPixels);

    /// <summary>Changes are predicted as they are seen.</summary>
    public static TargetScale Changes { get; } = new(null, null, ClipChanges.Smallest);

    /// <summary>Seen values in the unit of raw targets, any shape that ends in the channels.</summary>
    public Tensor Raw(Tensor values)
    {
        if (Mean is null || Deviation is null)
        {
            return values;
        }

        using var scope = NewDisposeScope();
        return (values * tensor(Deviation).SentTo(values.device)).add_(tensor(Mean).SentTo(values.device), KeptScalar.One).MoveToOuterDisposeScope();
    }

    /// <summary>A length in the unit of raw targets as one in seen values, per channel: [3].</summary>
    public Tensor Seen(double length, Device device) =>
        tensor(Array.ConvertAll(Deviation ?? [1, 1, 1], deviation => (float)(length / deviation))).SentTo(device);
}
