using System.Numerics.Tensors;
using Microsoft.ML;
using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>Video file to answer: motion boxes, then the exported model. Serves several threads.</summary>
internal sealed class Recognizer : IDisposable
{
    private readonly MotionDetector _detector;
    private readonly WorkProgress _progress;
    private readonly BoxMode _boxMode;
    private readonly MofoOnnxModelTransformer _scorer;

    public Recognizer(ServiceSettings settings, WorkProgress progress)
    {
        _progress = progress;
        var threads = Math.Max(1, Environment.ProcessorCount / settings.ConcurrencyInForce);
        var detection = MofoOnnxModels.DetectionOf(settings.Model) ?? new MotionDetectionOptions();
        (detection.FlowThreads, detection.VideoLimits, detection.Progress) = (threads, settings.VideoLimits, progress);
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
    /// <param name="path">The video.</param>
    /// <param name="familiarFrom">The lowest probability of the likeliest class at which a clip counts as familiar.</param>
    /// <param name="pictures">Whether the answer has frames as pictures.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="VideoException">The file is no video, or one beyond the limits.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Answer Recognize(string path, double familiarFrom, bool pictures, CancellationToken cancel)
    {
        using var middle = new MiddleFrame();
        var strip = pictures ? new FrameStrip() : null;
        var motion = new List<float>();
        var track = _detector.DetectFrames(path, frame =>
        {
            middle.See(frame);
            strip?.See(frame);
            motion.Add(TensorPrimitives.Sum(frame.Map.Span) / frame.Map.Length);
        }, cancel);
        _progress.ToNetwork(path);
        var ranked = Rank(path, track, cancel);
        return new Answer
        {
            Label = ranked[0].Label,
            Scores = ranked,
            Familiar = ranked[0].Score >= familiarFrom,
            FamiliarFrom = familiarFrom,
            Width = track.FrameWidth,
            Height = track.FrameHeight,
            Frames = track.PerFrame.Count,
            MotionFound = track.MotionFound,
            MotionBox = Corners(track.Union),
            FrameBoxes = [.. track.PerFrame.Select(Corners)],
            Motion = motion,
            Overlay = Overlay.Draw(middle, track),
            Pictures = strip?.Pictures,
        };
    }

    /// <summary>The classes of one video, the likeliest first.</summary>
    /// <exception cref="VideoException">The file is no video, or one beyond the limits.</exception>
    public IReadOnlyList<ClassScore> Scores(string path) => Rank(path, _detector.Detect(path), CancellationToken.None);

    public void Dispose() => _scorer.Dispose();

    private ClassScore[] Rank(string path, BoxTrack track, CancellationToken cancel) =>
        [.. Classes.Zip(_scorer.Score(path, track.ToValues(_boxMode), cancel), (label, score) => new ClassScore(label, score)).OrderByDescending(c => c.Score)];

    private static float[] Corners(MotionBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    /// <summary>The columns that the model reads.</summary>
    private sealed class Query
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }
}
