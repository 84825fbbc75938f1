using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>Adds the probability of every class and the predicted class, as <see cref="MofoFinetuneTrainer"/> learned them.</summary>
/// <remarks>
/// <c>Score</c> is the softmax, averaged over the test views (clips over time by crops), with class names as slot names;
/// <c>PredictedLabel</c> is a key with the label's values. Safe for use from several threads.
/// </remarks>
public sealed class MofoClassificationTransformer : MofoTransformer, IDisposable
{
    internal const string LoaderSignature = "MofoClassifier";

    private static readonly StageFile File = new("classifier", "MOFOCLAS", LoaderSignature, typeof(MofoClassificationTransformer).Assembly.FullName!);

    private readonly MofoFinetuningOptions _options;
    private readonly VideoInputs _inputs;
    private readonly ScoringViews _views;
    private readonly ClipExplainer _explainer;
    private readonly ClassificationStage _stage;

    internal MofoClassificationTransformer(
        IHostEnvironment environment, VideoInputs inputs, ClassNames classes, MofoFinetuningOptions options, VideoClassifier model, Device device)
    {
        (_inputs, Classes, _options, Model) = (inputs, classes, options, model);
        EvaluationMode.Ensure(model);
        var host = new StageHost(environment, nameof(MofoClassificationTransformer));
        _views = options.Views;
        var scorer = new ViewScorer(_views with { MakePixels = DevicePixels.MakerFor(device) }, options.ScoringBatchSize, options.DecodeThreadsInForce);
        var task = new StageTask("Classification", "scores", options.OnBadVideo);
        _stage = new ClassificationStage(host, task, options.ScoringRun, inputs, classes, scorer, new ClassProbabilities(model, options.Model, device));
        _explainer = new ClipExplainer(options, classes, new ClassActivation(model, options.Model, device));
        Stage = new StageTransformer<ScoredRow>(environment, this, _stage);
    }

    /// <summary>The classes in the order of the scores.</summary>
    public IReadOnlyList<string> ClassLabels => Classes.Values;

    internal VideoClassifier Model { get; }

    internal ClassNames Classes { get; }

    private protected override IStageTransformer Stage { get; }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Model.Dispose();

    private protected override void Save(ModelSaveContext ctx) => File.Save(
        ctx, new State(_inputs, Classes, _options), stream => Safetensors.Write(stream, ModuleWeights.Export(Model, "the classifier"), OwnSettings.Metadata(_options.Model)));

    /// <summary>Shows where in a clip the model found a class: class activation (Grad-CAM over the last block) and the weights of the fusion.</summary>
    /// <param name="videoPath">The video.</param>
    /// <param name="motionBoxes">x1, y1, x2, y2 for every frame in source pixels, as the motion column has them; 4 values for the whole video, 0 for none.</param>
    /// <param name="className">One of <see cref="ClassLabels"/>; null for the class that the clip scores highest.</param>
    /// <returns>Maps for every frame of the middle clip of the video. Safe to call from several threads.</returns>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    /// <exception cref="Mofo.ML.Transforms.VideoException">The video cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token of the run was cancelled.</exception>
    /// <remarks>Limits, warnings and token are those of <see cref="MofoRunCatalog.SetMofoRunOptions"/>, as for the stage.</remarks>
    public ClipExplanation Explain(string videoPath, ReadOnlyMemory<float> motionBoxes, string? className = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoPath);
        using var pass = _stage.StartPass();
        return _explainer.Explain(new ClipSource(videoPath, motionBoxes), className, pass.VideoReading);
    }

    /// <summary>Writes the classifier as an ONNX file (opset 20, IR version 9, free batch axis): normalised clips [batch,3,T,H,W] and boxes [batch,T,4] to probabilities [batch,K].</summary>
    /// <param name="path">The file, replaced if it is there; folders are made. Weights above the limit go to <c>FILE.data</c> beside it.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option cannot be used.</exception>
    /// <exception cref="InvalidOperationException">A weight is not finite or does not fit into the number type.</exception>
    public void SaveAsOnnx(string path, MofoOnnxExportOptions? options = null) => OnnxExporter.Save(
        path, Model, _options.Model, ShapeOf(Classes, _options), _views, Classes, options);

    internal static MofoClassificationTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        var choice = DeviceChoice.Begin(new StageHost(environment, nameof(MofoClassificationTransformer)));
        return File.Load(ctx, (State state, Stream stream) =>
        {
            state.Options.ValidateSaved();
            state.Inputs.Validate();
            state.Classes.Validate();
            var device = choice();
            return new SavedNetwork(state.Options.Model, HasDecoder: false, state.Options.Precision, device) { ScoresNext = true }.Read(
                stream,
                "the saved classifier",
                () => new VideoClassifier(state.Options.Model, ShapeOf(state.Classes, state.Options), generator: null),
                model => new MofoClassificationTransformer(environment, state.Inputs, state.Classes, state.Options, model, device));
        });
    }

    /// <summary>The classifier that these options describe, as it scores.</summary>
    internal static ClassifierShape ShapeOf(ClassNames classes, MofoFinetuningOptions options) =>
        new(classes.Count, options.Fusion) { AsReleased = options.ReleasedSoftAttention };

    /// <summary>What the model file keeps beside the weights.</summary>
    private sealed record State(VideoInputs Inputs, ClassNames Classes, MofoFinetuningOptions Options);
}
