using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>A pass stops when its token, its MLContext or a stage behind it says so, in the middle of a video.</summary>
public sealed class CancellationTests : IDisposable
{
    private const int Frames = 200;

    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly ConcurrentBag<MotionDetectionProgress> _seen = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CancelExecution_of_the_context_stops_detection_in_the_middle_of_a_video()
    {
        // The context's flag is looked at every 50 ms: a flow that takes longer than that for 16 frames.
        var stage = Detection(_ml.CancelExecution, OpticalFlowAlgorithm.TvL1, shortSide: 0);
        Assert.ThrowsAny<OperationCanceledException>(() => Boxes(stage, "MotionBoxes"));
        Assert.Throws<OperationCanceledException>(() => Boxes(stage, "MotionBoxes")); // a cancelled context stays cancelled
        AssertStopped();
    }

    [Fact]
    public void A_stage_that_is_cancelled_stops_the_stages_before_it()
    {
        using var stop = new CancellationTokenSource();
        var behind = _ml.Transforms.DetectMotion("Again", "VideoPath", new MotionDetectionOptions { CancellationToken = stop.Token });
        var chain = Detection(stop.Cancel).Append(behind);
        Assert.ThrowsAny<OperationCanceledException>(() => Boxes(chain, "MotionBoxes", "Again"));
        AssertStopped();
    }

    [Fact]
    public void A_reader_that_leaves_stops_what_was_begun_ahead()
    {
        using var second = new ManualResetEventSlim();
        var stage = _ml.Transforms.DetectMotion(new MotionDetectionOptions
        {
            FlowShortSide = 48,
            Progress = new ImmediateProgress<MotionDetectionProgress>(progress =>
            {
                _seen.Add(progress);
                if (progress.VideoPath.EndsWith("second.avi", StringComparison.Ordinal))
                {
                    second.Set();
                    second.Wait(TestContext.Current.CancellationToken);
                }
            }),
        });
        var short1 = RenderedVideo.Write(_folder.File("first.avi"), 3);
        var long2 = RenderedVideo.Write(_folder.File("second.avi"), Frames);
        var view = ScriptedView.Once([new ScriptedRow(short1), new ScriptedRow(long2)]);
        var detected = stage.Fit(view).Transform(view);
        using (var cursor = detected.GetRowCursor(detected.Schema))
        {
            var read = cursor.GetGetter<VBuffer<float>>(detected.Schema["MotionBoxes"]);
            Assert.True(cursor.MoveNext());
            var boxes = default(VBuffer<float>);
            read(ref boxes);
            second.Wait(TestContext.Current.CancellationToken);
        }

        AssertStopped();
        Assert.Equal(1, view.Closed);
    }

    private IEstimator<ITransformer> Detection(Action onProgress, OpticalFlowAlgorithm flow = OpticalFlowAlgorithm.Dis, int shortSide = 48) => _ml.Transforms.DetectMotion(new MotionDetectionOptions
    {
        Flow = flow,
        FlowShortSide = shortSide,
        Progress = new ImmediateProgress<MotionDetectionProgress>(progress =>
        {
            _seen.Add(progress);
            onProgress();
        }),
    });

    private void AssertStopped()
    {
        Assert.NotEmpty(_seen);
        Assert.DoesNotContain(_seen, progress => progress.FramesDone == Frames);
    }

    private void Boxes(IEstimator<ITransformer> stage, params string[] columns)
    {
        var view = ScriptedView.Once([new ScriptedRow(RenderedVideo.Write(_folder.File("long.avi"), Frames, width: 160, height: 120))]);
        var detected = stage.Fit(view).Transform(view);
        using var cursor = detected.GetRowCursor(columns.Select(name => detected.Schema[name]));
        var getters = columns.Select(name => cursor.GetGetter<VBuffer<float>>(detected.Schema[name])).ToList();
        var boxes = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getters.ForEach(get => get(ref boxes));
        }
    }
}
