using Microsoft.ML;
using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>Video file to answer: motion boxes, then the exported model. Serves several threads.</summary>
internal sealed class Recognizer : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly ServiceSettings _settings;
    private readonly SemaphoreSlim _turns;
    private readonly MotionDetector _detector;
    private readonly BoxMode _boxMode;
    private readonly MofoOnnxScoringTransformer _scorer;

    public Recognizer(ServiceSettings settings)
    {
        _settings = settings;
        _turns = new SemaphoreSlim(settings.ConcurrencyInForce);
        var threads = Math.Max(1, Environment.ProcessorCount / settings.ConcurrencyInForce);
        var detection = OnnxModels.DetectionOf(settings.Model) ?? new MotionDetectionOptions();
        detection.FlowThreads = threads;
        (_detector, _boxMode) = (new MotionDetector(detection), detection.BoxMode);
        _scorer = _ml.Transforms.ScoreMofoOnnx(settings.Model, options: new OnnxScoringOptions { Threads = threads, DecodeThreads = 1 })
            .Fit(_ml.Data.LoadFromEnumerable<Query>([]));
        if (Classes.Count == 0)
        {
            throw new InvalidDataException($"'{settings.Model}' is an encoder; the service needs a classifier.");
        }
    }

    /// <summary>The classes that the model knows.</summary>
    public IReadOnlyList<string> Classes => _scorer.ClassLabels;

    /// <summary>Waits until fewer than the allowed number of videos are worked on. The time of the waiting does not count.</summary>
    /// <exception cref="VideoException">The file is no video, or one beyond the limits.</exception>
    /// <exception cref="OperationCanceledException">The time is over, or the sender gone.</exception>
    public async Task<Answer> RecognizeInTurn(string path, CancellationToken gone)
    {
        await _turns.WaitAsync(gone);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
            limit.CancelAfter(TimeSpan.FromSeconds(_settings.TimeoutSeconds));
            return await Task.Run(() => Recognize(path, limit.Token), limit.Token);
        }
        finally
        {
            _ = _turns.Release();
        }
    }

    private Answer Recognize(string path, CancellationToken cancel)
    {
        VideoLimits.Check(path, _settings);
        var track = _detector.DetectFrames(path, frame => VideoLimits.Check(path, frame.Index, _settings), cancel);
        var query = _ml.Data.LoadFromEnumerable([new Query { VideoPath = path, MotionBoxes = track.ToValues(_boxMode) }]);
        cancel.ThrowIfCancellationRequested();
        var scores = _ml.Data.CreateEnumerable<Scored>(_scorer.Transform(query), reuseRowObject: false).Single().Score;
        ClassScore[] ranked = [.. Classes.Zip(scores, (label, score) => new ClassScore(label, score)).OrderByDescending(c => c.Score)];
        return new Answer(
            ranked[0].Label, ranked, track.FrameWidth, track.FrameHeight, track.PerFrame.Count, track.MotionFound, Corners(track.Union), [.. track.PerFrame.Select(Corners)],
            Overlay.MiddleFrame(path, track));
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _turns.Dispose();
    }

    private static float[] Corners(MotionBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    private sealed class Query
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
