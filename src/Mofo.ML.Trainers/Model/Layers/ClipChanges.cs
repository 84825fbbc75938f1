using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A clip split into its constant part and its changes: pixels = Still + Strength * Values.</summary>
/// <param name="Values">The changes, [B,3,T,H,W].</param>
/// <param name="Still">Mean of every pixel over the clip, [B,3,1,H,W].</param>
/// <param name="Strength">Root mean square of the differences from it, plus <see cref="Floor"/>, [B,1,1,1,1].</param>
internal readonly record struct ClipChanges(Tensor Values, Tensor Still, Tensor Strength)
{
    /// <summary>About one grey level of normalised pixels (1/255 over a deviation of 0.225): keeps the noise of a clip without motion as weak as it is.</summary>
    public const double Floor = 0.02;

    /// <summary>Changes below this are rounding: one grey level in one of 64 frames gives three times as much even in a clip of full contrast.</summary>
    public const double Smallest = 1e-4;

    /// <summary>Takes clips apart, [B,3,T,H,W].</summary>
    public static ClipChanges Of(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var still = pixels.mean([2], keepdim: true);
        var rest = pixels - still;
        var strength = (rest * rest).mean([1, 2, 3, 4], keepdim: true).sqrt_().add_(KeptScalar.Of(Floor), KeptScalar.One);
        return new ClipChanges(rest.div_(strength).MoveToOuterDisposeScope(), still.MoveToOuterDisposeScope(), strength.MoveToOuterDisposeScope());
    }
}
