using Mofo.ML.Trainers.Model;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Tensors of pixels as models take them.</summary>
internal static class SeenInTests
{
    /// <summary>Through the input step of a network that sees pixels, unless said otherwise.</summary>
    public static SeenClips Seen(this Tensor pixels, ClipInput input = ClipInput.Pixels) => SeenClips.Of(pixels, input);
}
