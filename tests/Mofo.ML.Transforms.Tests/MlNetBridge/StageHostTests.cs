using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

public sealed class StageHostTests
{
    [Fact]
    public void What_was_told_is_remembered_up_to_a_bound()
    {
        var host = new StageHost(new MLContext(), "test");
        var told = 0;
        for (var i = 0; i < SaidOnce.MostRemembered; i++)
        {
            host.Remark(Invariant($"File '{i}'."), _ => told++);
        }

        host.Remark("File '0'.", _ => told++);
        Assert.Equal(SaidOnce.MostRemembered, told);

        // One more: all are forgotten, and may be told again.
        host.Remark("File 'last'.", _ => told++);
        host.Remark("File '0'.", _ => told++);
        Assert.Equal(SaidOnce.MostRemembered + 2, told);
    }
}
