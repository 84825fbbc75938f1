using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>Adds the embedding of every video, as <see cref="MofoPretrainer"/> learned it.</summary>
/// <remarks>
/// The embedding is deterministic: one clip of the middle of the video at the stride of pretraining (see <see cref="MofoPretrainingOptions.FeatureSampling"/>), the middle crop, the mean over
/// all tokens of the encoder.
/// A finetune trainer behind it in the same chain starts from its weights. Safe for use from several threads.
/// </remarks>
public sealed class MofoPretrainedTransformer : MofoTransformer, IDisposable
{
    internal const string LoaderSignature = "MofoPretrained";

    private static readonly StageFile File = new("pretrained model", "MOFOPRET", LoaderSignature, typeof(MofoPretrainedTransformer).Assembly.FullName!);

    private readonly MofoPretrainingOptions _options;
    private readonly VideoInputs _inputs;
    private readonly string _outputColumn;
    private readonly ScoringViews _views;
    private readonly Device _device;
    private readonly FeatureStage _stage;

    internal MofoPretrainedTransformer(
        IHostEnvironment environment, string outputColumn, VideoInputs inputs, MofoPretrainingOptions options, MaskedAutoencoder model, Device device)
    {
        (_outputColumn, _inputs, _options, Model, _device) = (outputColumn, inputs, options, model, device);
        EvaluationMode.Ensure(model);
        var host = new StageHost(environment, nameof(MofoPretrainedTransformer));
        _views = options.Views;
        var scorer = new ViewScorer(_views with { MakePixels = DevicePixels.MakerFor(device) }, options.ScoringBatchSize, options.DecodeThreadsInForce);
        _stage = new FeatureStage(host, new StageTask("Features", "features", options.OnBadVideo), options.ScoringRun, outputColumn, inputs, this, scorer, model, options.Model, device);
        Stage = new StageTransformer<float[]>(environment, this, _stage);
    }

    internal MaskedAutoencoder Model { get; }

    /// <summary>Frames that the training has left for one behind it in the same chain; null for none.</summary>
    internal FrameHandover? Frames { get; init; }

    internal VitConfig Config => _options.Model;

    private protected override IStageTransformer Stage { get; }

    /// <summary>Hides tubes of a clip and lets the model reconstruct them: pictures for people.</summary>
    /// <param name="videoPath">The video.</param>
    /// <param name="motionBoxes">x1, y1, x2, y2 for every frame (or four values for all), pixels of the source; empty for none.</param>
    /// <param name="seed">Chooses the hidden tubes.</param>
    /// <returns>The clip, the clip as the model sees it, and the clip as it reconstructs it.</returns>
    /// <exception cref="Mofo.ML.Transforms.VideoException">The video cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token of the run was cancelled.</exception>
    /// <remarks>Limits, warnings and token are those of <see cref="MofoRunCatalog.SetMofoRunOptions"/>, as for the stage.</remarks>
    public Reconstruction Reconstruct(string videoPath, ReadOnlyMemory<float> motionBoxes = default, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        using var pass = _stage.StartPass();
        return Reconstructor.Run(Model, _options, _device, new(videoPath, motionBoxes), new Random(seed), pass.VideoReading);
    }

    /// <summary>Writes the encoder as an ONNX file (opset 20, IR version 9, free batch axis): normalised clips [batch,3,T,H,W] to embeddings [batch,C].</summary>
    /// <param name="path">The file, replaced if it is there; folders are made. Weights above the limit go to <c>FILE.data</c> beside it.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option cannot be used.</exception>
    /// <exception cref="InvalidOperationException">A weight is not finite or does not fit into the number type.</exception>
    public void SaveAsOnnx(string path, MofoOnnxExportOptions? options = null) => OnnxExporter.Save(path, Model.Encoder, Config, _views, options);

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Frames?.Dispose();
        Model.Dispose();
    }

    private protected override void Save(ModelSaveContext ctx) => File.Save(
        ctx, new State(_outputColumn, _inputs, _options, State.CurrentRevision), stream => Safetensors.Write(stream, ModuleWeights.Export(Model, "the pretrained model"), OwnSettings.Metadata(Config)));

    internal static MofoPretrainedTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        var choice = DeviceChoice.Begin(new StageHost(environment, nameof(MofoPretrainedTransformer)));
        return File.Load(ctx, (State state, Stream stream) =>
        {
            state.Options.Validate();
            state.Inputs.Validate();
            SavedColumn.Check(state.OutputColumn, "output");
            var device = choice();
            return new SavedNetwork(state.Options.Model, HasDecoder: true, state.Options.Precision, device).Read(
                stream,
                "the saved pretrained model",
                () => new MaskedAutoencoder(state.Options.Model, generator: null, target: state.Options.ReconstructionTarget),
                model => new MofoPretrainedTransformer(environment, state.OutputColumn, state.Inputs, state.OptionsInForce, model, device));
        });
    }

    /// <summary>What the model file keeps beside the weights.</summary>
    /// <param name="OutputColumn">Name of the feature column.</param>
    /// <param name="Inputs">Names of the columns read.</param>
    /// <param name="Options">As trained.</param>
    /// <param name="Revision">0 in files from before there was a <see cref="MofoPretrainingOptions.FeatureSampling"/>: their features are of clips over the whole video.</param>
    private sealed record State(string OutputColumn, VideoInputs Inputs, MofoPretrainingOptions Options, int Revision = 0)
    {
        public const int CurrentRevision = 1;

        [JsonIgnore]
        public MofoPretrainingOptions OptionsInForce
        {
            get
            {
                var options = Options.Copy();
                options.FeatureSampling = Revision == 0 ? ClipSampling.Uniform : options.FeatureSampling;
                return options;
            }
        }
    }
}
