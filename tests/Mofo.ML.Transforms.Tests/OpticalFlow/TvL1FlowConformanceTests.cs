using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed class TvL1FlowConformanceTests
{
    [Fact]
    public void Flows_lie_within_a_tenth_of_a_pixel_of_the_originals()
    {
        foreach (var clip in GoldenFlows.All())
        {
            var frames = clip.Frames();
            var size = new ReducedPicture(frames[0].Width, frames[0].Height, 0);
            using var method = new TvL1Flow(frames[0].Width, frames[0].Height);
            var found = new FlowField(frames[0].Width, frames[0].Height);
            var errors = new List<double>();
            foreach (var (pair, golden) in clip.Pairs())
            {
                method.Compute(size.ToGray(frames[pair]), size.ToGray(frames[pair + 1]), found);
                errors.Add(FlowError.MeanEndPointError(found, golden));
            }

            TestContext.Current.SendDiagnosticMessage($"{clip.Name}: mean end-point error {errors.Average():f4}, worst pair {errors.Max():f4}, {errors.Count} pairs");
            Assert.All(errors, e => Assert.InRange(e, 0, 0.1));
        }
    }
}
