using Microsoft.ML;
using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>Video file to answer: motion boxes, then the exported model. Serves several threads.</summary>
internal sealed class Recognizer : IDisposable
{
    private readonly MotionDetector _detector;
    private readonly BoxMode _boxMode;
    private readonly MofoOnnxModelTransformer _scorer;

    public Recognizer(ServiceSettings settings)
    {
        var threads = Math.Max(1, Environment.ProcessorCount / settings.ConcurrencyInForce);
        var detection = MofoOnnxModels.DetectionOf(settings.Model) ?? new MotionDetectionOptions();
        (detection.FlowThreads, detection.VideoLimits) = (threads, settings.VideoLimits);
        (_detector, _boxMode) = (new MotionDetector(detection), detection.BoxMode);
        var ml = new MLContext();
        _scorer = ml.Transforms.ApplyMofoOnnxModel(settings.Model, options: new MofoOnnxModelOptions { Threads = threads, DecodeThreads = 1, VideoLimits = settings.VideoLimits })
            .Fit(ml.Data.LoadFromEnumerable<Query>([]));
        if (Classes.Count == 0)
        {
            throw new InvalidDataException($"'{settings.Model}' is an encoder; the service needs a classifier.");
        }
    }

    /// <summary>The classes that the model knows.</summary>
    public IReadOnlyList<string> Classes => _scorer.ClassLabels;

    /// <summary>Works on one video.</summary>
    /// <exception cref="VideoException">The file is no video, or one beyond the limits.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Answer Recognize(string path, CancellationToken cancel)
    {
        using var middle = new MiddleFrame();
        var track = _detector.DetectFrames(path, middle.See, cancel);
        var scores = _scorer.Score(path, track.ToValues(_boxMode), cancel);
        ClassScore[] ranked = [.. Classes.Zip(scores, (label, score) => new ClassScore(label, score)).OrderByDescending(c => c.Score)];
        return new Answer(
            ranked[0].Label, ranked, track.FrameWidth, track.FrameHeight, track.PerFrame.Count, track.MotionFound, Corners(track.Union), [.. track.PerFrame.Select(Corners)],
            Overlay.Draw(middle, track));
    }

    public void Dispose() => _scorer.Dispose();

    private static float[] Corners(MotionBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    /// <summary>The columns that the model reads.</summary>
    private sealed class Query
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }
}
