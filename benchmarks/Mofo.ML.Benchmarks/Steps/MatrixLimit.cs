using Mofo.ML.Benchmarks.Measuring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>What the machine's matrix products reach: 1568x768x3072, the widest of ViT-B, again and again.</summary>
internal static class MatrixLimit
{
    private const int Times = 10;

    public static Candidate Of(ScalarType type)
    {
        var left = randn(1568, 768, device: ComputeDevice.Chosen).to(type).DetachFromDisposeScope();
        var right = randn(3072, 768, device: ComputeDevice.Chosen).to(type).DetachFromDisposeScope();
        return new Candidate(NameOf(type), () =>
        {
            using var frozen = no_grad();
            for (var i = 0; i < Times; i++)
            {
                nn.functional.linear(left, right).Dispose();
            }
        }, Times * 2e-9 * 1568 * 768 * 3072);
    }

    public static string NameOf(ScalarType type) => $"matrix product, {type}";
}
