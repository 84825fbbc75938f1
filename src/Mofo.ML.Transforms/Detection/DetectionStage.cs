using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Video path in, boxes out: several videos at once, results in order.</summary>
internal sealed class DetectionStage(StageHost host, string outputColumn, string inputColumn, MotionDetectionOptions options) : VideoStage<float[]>
{
    private readonly MotionDetector _detector = new(options);
    private readonly KnownBoxes _known = new();

    public override VideoInputs Inputs { get; } = new(inputColumn, null);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [OutputColumn<float[]>.Vector(outputColumn, size: 0, annotations: null, boxes => boxes)];

    public override IEnumerable<float[]> Compute(IEnumerable<VideoRow> rows)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        using var progress = host.Progress("Motion detection");
        var (done, bad) = (0, 0);
        progress.SetHeader(new(["Bad videos"], ["videos"]), entry =>
        {
            entry.SetProgress(0, done);
            entry.SetMetric(0, bad);
        });
        var running = new Queue<Task<float[]?>>();
        try
        {
            foreach (var row in rows)
            {
                running.Enqueue(Task.Run(() => Detect(row, stop.Token), stop.Token));
                if (running.Count > Environment.ProcessorCount)
                {
                    yield return Next();
                }
            }

            while (running.Count > 0)
            {
                yield return Next();
            }
        }
        finally
        {
            // The reader may leave early, or a video may have failed: nothing keeps running behind anybody's back.
            stop.Cancel();
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        if (bad > 0)
        {
            host.Warning($"{bad} of {done} videos could not be read; they have no motion boxes.");
        }

        float[] Next()
        {
            var boxes = running.Dequeue().GetAwaiter().GetResult();
            done++;
            bad += boxes is null ? 1 : 0;
            return boxes ?? [];
        }
    }

    private float[]? Detect(VideoRow row, CancellationToken cancel)
    {
        if (_known.TryGet(row.Path, out var known))
        {
            return known!.ToValues(options.BoxMode);
        }

        try
        {
            var track = _detector.Detect(row.Path, cancel);
            _known.Add(row.Path, track);
            return track.ToValues(options.BoxMode);
        }
        catch (VideoException e) when (options.OnBadVideo == BadVideoHandling.Skip)
        {
            host.Warning(e.WithRow(row.Row).Message);
            return null;
        }
        catch (VideoException e)
        {
            throw e.WithRow(row.Row);
        }
    }
}
