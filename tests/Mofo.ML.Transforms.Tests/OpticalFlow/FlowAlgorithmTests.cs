using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

/// <summary>What every algorithm must do, whichever option names it.</summary>
public sealed class FlowAlgorithmTests
{
    public static TheoryData<OpticalFlowAlgorithm> Algorithms => [.. Enum.GetValues<OpticalFlowAlgorithm>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Finds_a_translation(OpticalFlowAlgorithm algorithm)
    {
        const int Width = 120, Height = 90;

        // Measured: 0.029 px at most for Farneback, 0.023 for DIS; 0.049 for TV-L1, whose interpolation is biased as OpenCV's is (see CubicWarp).
        var bound = algorithm == OpticalFlowAlgorithm.TvL1 ? 0.06 : 0.04;
        using var method = OpticalFlowFactory.Create(algorithm, Width, Height);
        var found = new FlowField(Width, Height);
        var truth = new FlowField(Width, Height);
        foreach (var (x, y) in ((double, double)[])[(0, 0), (1.5, 0), (-2.25, 1), (4, -3.5), (0, 0.3)])
        {
            Array.Fill(truth.X, (float)x);
            Array.Fill(truth.Y, (float)y);
            var (from, to) = SyntheticPair.Translated(Width, Height, x, y);
            method.Compute(from, to, found);
            Assert.InRange(FlowError.MeanEndPointError(found, truth, margin: 12), 0, bound);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Forgets_the_pair_before(OpticalFlowAlgorithm algorithm)
    {
        const int Width = 61, Height = 47;
        var (from, to) = SyntheticPair.Translated(Width, Height, 1, -2);
        var (otherFrom, otherTo) = SyntheticPair.Translated(Width, Height, -3, 2, seed: 8);
        using var method = OpticalFlowFactory.Create(algorithm, Width, Height);
        var first = new FlowField(Width, Height);
        var again = new FlowField(Width, Height);
        method.Compute(from, to, first);
        method.Compute(otherFrom, otherTo, again);
        method.Compute(from, to, again);
        Assert.Equal(first.X, again.X);
        Assert.Equal(first.Y, again.Y);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Copes_with_tiny_flat_and_unrelated_pictures(OpticalFlowAlgorithm algorithm)
    {
        foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 40), (40, 3), (17, 16), (33, 65)])
        {
            using var method = OpticalFlowFactory.Create(algorithm, width, height);
            var flow = new FlowField(width, height);
            var noise = new byte[width * height];
            var other = new byte[width * height];
            new Random(1).NextBytes(noise);
            new Random(2).NextBytes(other);
            method.Compute(noise, other, flow);
            Assert.All(flow.X.Concat(flow.Y), v => Assert.True(float.IsFinite(v)));
            Array.Fill(noise, (byte)90);
            method.Compute(noise, noise, flow);
            Assert.All(flow.X.Concat(flow.Y), v => Assert.Equal(0, v, 1e-3f));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Refuses_pictures_of_another_size(OpticalFlowAlgorithm algorithm)
    {
        using var method = OpticalFlowFactory.Create(algorithm, 20, 10);
        var error = Assert.Throws<ArgumentException>(() => method.Compute(new byte[199], new byte[200], new FlowField(20, 10)));
        Assert.Contains("set up for 20x10", error.Message);
        Assert.Throws<ArgumentException>(() => method.Compute(new byte[200], new byte[200], new FlowField(10, 20)));
    }
}
