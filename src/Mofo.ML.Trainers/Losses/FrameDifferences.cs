using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>How every pixel changes to the next frame, over the strength of all such changes in its clip (<see cref="ReconstructionTarget.PixelsAndDifferences"/>).</summary>
internal static class FrameDifferences
{
    /// <summary>Differences of the given tokens. [B,3,T,H,W] with T of at least 2, [B,M] -> [B,M,P], in the order of <see cref="PatchTargets"/>.</summary>
    /// <remarks>(x(t + 1) - x(t)) / (root mean square over the clip + <see cref="ClipChanges.Floor"/>); the last frame has the difference from the one before it.</remarks>
    public static Tensor Of(Tensor seen, Tensor tokens, VitConfig config)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var steps = seen.shape[2] - 1;
        var differences = seen.narrow(2, 1, steps) - seen.narrow(2, 0, steps); // [B,3,T-1,H,W]
        var strength = (differences * differences).mean([1, 2, 3, 4], keepdim: true).sqrt_().add_(KeptScalar.Of(ClipChanges.Floor), KeptScalar.One);
        var perFrame = cat([differences, differences.narrow(2, steps - 1, 1)], 2).div_(strength); // [B,3,T,H,W]
        return Tubelets.Cut(perFrame, config, tokens, TubeletOrder.ChannelLast).MoveToOuterDisposeScope();
    }
}
