using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A clip taken apart into what stands still and what changes: pixels = Still + Strength * changes.</summary>
/// <param name="Still">Mean of every pixel over the clip, [B,3,1,H,W].</param>
/// <param name="Strength">Root mean square of the differences from it, plus <see cref="Floor"/>, [B,1,1,1,1].</param>
internal readonly record struct ClipChanges(Tensor Still, Tensor Strength)
{
    /// <summary>About one grey level of normalised pixels (1/255 over a deviation of 0.225): keeps the noise of a clip without motion as weak as it is.</summary>
    public const double Floor = 0.02;

    /// <summary>Changes below this are rounding: one grey level in one of 64 frames gives three times as much even in a clip of full contrast.</summary>
    public const double Smallest = 1e-4;

    /// <summary>Takes clips apart, [B,3,T,H,W].</summary>
    public static ClipChanges In(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var still = pixels.mean([2], keepdim: true);
        var rest = pixels - still;
        var strength = rest.mul_(rest).mean([1, 2, 3, 4], keepdim: true).sqrt_().add_(KeptScalar.Of(Floor), KeptScalar.One);
        return new ClipChanges(still.MoveToOuterDisposeScope(), strength.MoveToOuterDisposeScope());
    }

    /// <summary>What a network with this input sees of clips, [B,3,T,H,W] -> [B,3,T,H,W]; pixels are given back as they are.</summary>
    public static Tensor Seen(Tensor pixels, ClipInput input) => input == ClipInput.Changes ? Of(pixels) : pixels;

    /// <summary>The changes of clips, [B,3,T,H,W] -> [B,3,T,H,W].</summary>
    public static Tensor Of(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return In(pixels).Within(pixels).MoveToOuterDisposeScope();
    }

    /// <summary>The changes of the clips that were taken apart.</summary>
    public Tensor Within(Tensor pixels) => (pixels - Still).div_(Strength);
}
