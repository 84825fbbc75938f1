using Mofo.ML.Trainers.Reports;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers;

/// <summary>A report of a training or an evaluation as one HTML file: curves, figures per class, confusion, clips with their motion boxes, mistakes, reconstructions, settings.</summary>
/// <remarks>
/// The file needs no network and no file beside it: pictures of the clips are in it, and a strict content policy keeps the page from loading anything else. A clip is shown from the user's
/// own video where the browser plays that and it still lies where it was (path from the report's folder), else from the pictures in the report. Sections come in the order in which they
/// are added.
/// </remarks>
public sealed class MofoReport
{
    private readonly List<string> _sections = [];

    /// <summary>Begins a report.</summary>
    /// <param name="title">Its heading.</param>
    public MofoReport(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>Adds the curves of a training: loss, learning rate and, where it was validated, accuracy.</summary>
    /// <param name="name">What was trained, e.g. "finetuning".</param>
    /// <param name="steps">The reports to <see cref="MofoTrainingOptions.Progress"/>, in order; nothing is added where there is none.</param>
    public void AddTraining(string name, IReadOnlyList<TrainingProgress> steps)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count > 0)
        {
            _sections.Add(TrainingCurves.Section(name, steps));
        }
    }

    /// <summary>Adds how good the scores of labelled videos are: figures, the table per class, confusion, calibration.</summary>
    /// <param name="name">What was scored, e.g. "Test clips".</param>
    /// <param name="report">The scores.</param>
    public void AddEvaluation(string name, ClassReport report)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(report);
        _sections.Add(EvaluationSection.Of(name, report));
    }

    /// <summary>Adds the mistakes of which the classifier was surest, with the clips.</summary>
    /// <param name="report">The scores.</param>
    /// <param name="detector">Finds the boxes to draw.</param>
    /// <param name="count">Mistakes at most; at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void AddMistakes(ClassReport report, MotionDetector detector, int count = 8, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var worst = WorstMistakes.Of(report).Take(count).ToList();
        if (worst.Count > 0)
        {
            _sections.Add(ClipPlayers.Section("Mistakes of which the classifier was surest", worst, detector, cancellationToken));
        }
    }

    /// <summary>Adds clips with their motion boxes.</summary>
    /// <param name="heading">Heading of the section.</param>
    /// <param name="clips">Path of each clip, and what to write below it. A clip that cannot be read is named with the reason.</param>
    /// <param name="detector">Finds the boxes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void AddClips(string heading, IEnumerable<KeyValuePair<string, string>> clips, MotionDetector detector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(heading);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(detector);
        AddClips(heading, clips, detector, unreadable: null, cancellationToken);
    }

    /// <summary>The same, with a call for every clip that cannot be read.</summary>
    internal void AddClips(string heading, IEnumerable<KeyValuePair<string, string>> clips, MotionDetector detector, Action<VideoException>? unreadable, CancellationToken cancellationToken) =>
        _sections.Add(ClipPlayers.Section(heading, clips, detector, cancellationToken, unreadable));

    /// <summary>Adds a clip, what the encoder saw of it, and what the pretrained model made of that.</summary>
    /// <param name="caption">What the clip is.</param>
    /// <param name="reconstruction">What <see cref="MofoPretrainedTransformer.Reconstruct"/> gave.</param>
    public void AddReconstruction(string caption, Reconstruction reconstruction)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(reconstruction);
        _sections.Add(ReconstructionSection.Of(caption, reconstruction));
    }

    /// <summary>Adds a table of names and values, such as settings and versions.</summary>
    /// <param name="heading">Heading of the section.</param>
    /// <param name="values">The rows.</param>
    public void AddValues(string heading, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(heading);
        ArgumentNullException.ThrowIfNull(values);
        _sections.Add(ValueTable.Section(heading, values));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteText(path, ReportPage.Of(Title, _sections, Path.GetDirectoryName(Path.GetFullPath(path))!));
    }
}
