using Mofo.ML.Transforms.Scoring;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Scoring;

/// <summary>A torch network as the view scorer takes it.</summary>
internal static class TorchViews
{
    /// <summary>Runs the network, views to [V,K], without gradients and in a scope of its own; gives its rows.</summary>
    public static Func<IReadOnlyList<ViewClip>, float[][]> Rows(Func<IReadOnlyList<ViewClip>, Tensor> network) => views =>
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var output = network(views).to(ScalarType.Float32).cpu(); // [V,K]
        return [.. output.data<float>().ToArray().Chunk((int)output.shape[1])];
    };
}
