using Microsoft.ML;
using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.Tests.Scoring;

public sealed class ViewScorerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-scorer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Scoring_that_is_cancelled_ends_before_the_next_batch()
    {
        var clip = SyntheticClip.Render(CameraMotion.Pan, 1, 1, frames: 6, width: 64, height: 48);
        var video = ClipFile.Write(clip.Frames, Path.Combine(_folder.FullName, "clip.avi"));
        var rows = Enumerable.Range(0, 6).Select(row => new VideoRow(row, video, []));
        var scorer = new ViewScorer(new ScoringViews(4, 32, ClipSampling.Uniform, 2, 1, 1), batch: 2, workers: 1);
        using var stop = new CancellationTokenSource();
        var batches = 0;
        using var stopped = Pass(stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => scorer.Score(rows, stopped, Network).ToList());
        Assert.Equal(1, batches);
        using var whole = Pass(CancellationToken.None);
        Assert.Equal(6, scorer.Score(rows, whole, Network).Count());

        StagePass Pass(CancellationToken cancel) => new(
            new StageHost(new MLContext(1), "test"), new StageTask("Scoring", "scores", BadVideoHandling.Throw), new MofoRunOptions { CancellationToken = cancel }, new VideoCount());

        float[][] Network(IReadOnlyList<ViewClip> views)
        {
            batches++;
            stop.Cancel();
            return [.. views.Select(_ => new float[] { 1 })];
        }
    }
}
