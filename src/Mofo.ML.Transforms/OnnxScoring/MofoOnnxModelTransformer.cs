using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Adds what an exported model says of every video: <c>Score</c> and <c>PredictedLabel</c> for a classifier, <c>Features</c> for an encoder.</summary>
/// <remarks>
/// The columns are those of the TorchSharp stage: softmax averaged over the test views, class names as slot names, the label's values behind the key.
/// A saved pipeline holds the ONNX file, so that it stays one file; only a model with weights in a second file (above 2 GB) is kept by its path.
/// Safe for use from several threads.
/// </remarks>
public sealed class MofoOnnxModelTransformer : MofoTransformer, IDisposable
{
    internal const string LoaderSignature = "MofoOnnxScorer";

    private static readonly StageFile SavedAs =
        new("ONNX scorer", "MOFOONNX", LoaderSignature, typeof(MofoOnnxModelTransformer).Assembly.FullName!, weightsEntry: "model.onnx");

    private readonly VideoInputs _inputs;
    private readonly OnnxModelFile _model;
    private readonly MofoOnnxModelOptions _options;
    private readonly OnnxNetwork _network;
    private readonly Func<VideoRow, CancellationToken, float[]> _score;

    internal MofoOnnxModelTransformer(IHostEnvironment environment, VideoInputs inputs, OnnxModelFile model, MofoOnnxModelOptions options)
    {
        (_inputs, _model, _options) = (inputs, model, options);
        var host = new StageHost(environment, nameof(MofoOnnxModelTransformer));
        _network = new OnnxNetwork(model, options, host);
        var scorer = new ViewScorer(model.Facts.Views, options.BatchSize, options.DecodeThreadsInForce);
        var task = new StageTask("Scoring on ONNX Runtime", model.Facts.Classes is null ? "features" : "scores", options.OnBadVideo);
        if (model.Facts.Classes is { } classes)
        {
            var stage = new OnnxClassificationStage(host, task, options.Run, inputs, classes, scorer, _network);
            (Stage, _score) = (new StageTransformer<ScoredRow>(environment, this, stage), (row, cancel) => One(stage, row, cancel).Scores);
        }
        else
        {
            var stage = new OnnxFeatureStage(host, task, options.Run, inputs, scorer, _network);
            (Stage, _score) = (new StageTransformer<float[]>(environment, this, stage), (row, cancel) => One(stage, row, cancel));
        }
    }

    /// <summary>The classes in the order of the scores; empty for an encoder.</summary>
    public IReadOnlyList<string> ClassLabels => _model.Facts.Classes?.Values ?? [];

    private protected override IStageTransformer Stage { get; }

    /// <summary>Scores one video outside a pipeline, as a service does that must be able to stop.</summary>
    /// <param name="videoPath">The video.</param>
    /// <param name="motionBoxes">x1, y1, x2, y2 in pixels of the source frame for every frame, once for the whole video, or empty; see <see cref="BoxTrack.ToValues"/>.</param>
    /// <param name="cancellationToken">Stops the work, also in the middle of the network.</param>
    /// <returns>What <c>Score</c> or <c>Features</c> of <see cref="MofoTransformer.Transform"/> hold; NaN for a bad video where <c>OnBadVideo</c> is <c>Skip</c>.</returns>
    /// <exception cref="VideoException">The video cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] Score(string videoPath, IReadOnlyList<float> motionBoxes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        ArgumentNullException.ThrowIfNull(motionBoxes);
        return _score(new VideoRow(0, videoPath, [.. motionBoxes]), cancellationToken);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _network.Dispose();

    internal static MofoOnnxModelTransformer Create(IHostEnvironment environment, ModelLoadContext ctx) => SavedAs.Load(ctx, (State state, Stream stream) =>
    {
        state.Options.Validate();
        state.Inputs.Validate();
        var model = state.IsOutside ? OnnxModelFile.Open(state.Path) : OnnxModelFile.Of("the saved ONNX model", StreamBytes.ReadToEnd(stream));
        state.Options.RequireBatchOf(model.Facts.Views);
        return new MofoOnnxModelTransformer(environment, state.Inputs, model, state.Options);
    });

    private protected override void Save(ModelSaveContext ctx) =>
        SavedAs.Save(ctx, new State(_inputs, _options, _model.Name, _model.Bytes is null), stream => stream.Write(_model.Bytes ?? []));

    private static TResult One<TResult>(VideoStage<TResult> stage, VideoRow row, CancellationToken cancel)
    {
        using var pass = stage.StartPass(cancel: cancel);
        return stage.Compute([row], pass).Single();
    }

    /// <summary>What the model file keeps beside the ONNX file.</summary>
    private sealed record State(VideoInputs Inputs, MofoOnnxModelOptions Options, string Path, bool IsOutside);
}
