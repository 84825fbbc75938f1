using Mofo.ML.Research;
using Mofo.ML.Trainers.OpticalFlow;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Tests.OpticalFlow;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.OpticalFlow;

/// <summary>The tensor operations against the flows of the original, and against the vectorised flow on the same frames.</summary>
public sealed class TvL1TensorFlowConformanceTests
{
    /// <summary>The first pair that each clip of the pack holds: a pair costs seconds on a CPU.</summary>
    [Fact]
    public void Flows_lie_within_a_tenth_of_a_pixel_of_the_originals_and_nearer_to_ours()
    {
        foreach (var clip in GoldenFlows.All())
        {
            var frames = clip.Frames();
            var (pair, golden) = clip.Pairs().First();
            var (width, height) = (golden.Width, golden.Height);
            var size = new ReducedPicture(width, height, 0);
            var (from, to) = (size.ToGray(frames[pair]), size.ToGray(frames[pair + 1]));
            FlowField tensorField = new(width, height), vectorField = new(width, height);
            using var tensors = new TvL1TensorFlow(width, height, new TvL1Parameters(), TestDevice.Chosen);
            using var vectors = new TvL1Flow(width, height);
            tensors.Compute(from, to, tensorField);
            vectors.Compute(from, to, vectorField);
            var (toGolden, toOurs) = (FlowError.MeanEndPointError(tensorField, golden), FlowError.MeanEndPointError(tensorField, vectorField));
            TestContext.Current.SendDiagnosticMessage($"{clip.Name} pair {pair}: {toGolden:f4} px from the original, {toOurs:f4} from the vectorised flow");
            Assert.InRange(toGolden, 0, 0.1);
            Assert.InRange(toOurs, 0, 0.05);
        }
    }
}
