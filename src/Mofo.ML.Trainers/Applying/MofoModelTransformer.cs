using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>Adds what published weights say of every video: <c>Features</c> and, where they have a head, <c>Score</c> and <c>PredictedLabel</c>.</summary>
/// <remarks>
/// <c>Features</c> is the vector that the head sees, or the mean over the tokens where there is no head; <c>Score</c> is the softmax; both are averaged over the test views. Class names are the
/// slot names of <c>Score</c> and the values of the key. A saved pipeline holds the weights. No label column is needed. Safe for use from several threads.
/// </remarks>
public sealed class MofoModelTransformer : MofoTransformer, IDisposable
{
    internal const string LoaderSignature = "MofoModel";

    private static readonly StageFile File = new("published model", "MOFOMODL", LoaderSignature, typeof(MofoModelTransformer).Assembly.FullName!);

    private readonly State _state;
    private readonly PublishedNetwork _network;

    private MofoModelTransformer(IHostEnvironment environment, State state, PublishedNetwork network, Device device)
    {
        (_state, _network) = (state, network);
        EvaluationMode.Ensure(network);
        var host = new StageHost(environment, nameof(MofoModelTransformer));
        var options = state.Options;
        var scorer = new ViewScorer(state.Views with { MakePixels = DevicePixels.MakerFor(device) }, options.BatchSize, options.DecodeThreadsInForce);
        var task = new StageTask("Published weights", state.Classes is null ? "features" : "features and scores", options.OnBadVideo);
        var stage = new PublishedStage(host, task, options.Run, state.Inputs, state.Network, state.Classes, scorer, network, device);
        Stage = new StageTransformer<PublishedRow>(environment, this, stage);
    }

    /// <summary>The classes in the order of the scores; empty for weights without a head.</summary>
    public IReadOnlyList<string> ClassLabels => _state.Classes?.Values ?? [];

    private protected override IStageTransformer Stage { get; }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _network.Dispose();

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, _state, stream => Safetensors.Write(stream, ModuleWeights.Export(_network, "the published model")));

    /// <summary>The stage of a network that has its weights; owns the network, also when it fails.</summary>
    internal static MofoModelTransformer Of(IHostEnvironment environment, VideoInputs inputs, PublishedPlan plan, MofoModelOptions options, PublishedNetwork network)
    {
        try
        {
            var device = DeviceChoice.For(new StageHost(environment, nameof(MofoModelTransformer)));
            _ = network.to(device);
            ComputeTypes.Apply(network, ComputeTypes.Choose(options.Precision, device), device);
            return new MofoModelTransformer(environment, new State(inputs, plan.Shape, plan.Views, plan.Classes, options), network, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    internal static MofoModelTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        var choice = DeviceChoice.Begin(new StageHost(environment, nameof(MofoModelTransformer)));
        return File.Load(ctx, (State state, Stream stream) =>
        {
            state.Validate();
            var device = choice();
            return new SavedNetwork(state.Network.Size, HasDecoder: false, state.Options.Precision, device) { ScoresNext = true }.Read(
                stream, "the saved published model", () => new PublishedNetwork(state.Network), network => new MofoModelTransformer(environment, state, network, device));
        });
    }

    /// <summary>What the model file keeps beside the weights.</summary>
    private sealed record State(VideoInputs Inputs, PublishedShape Network, ScoringViews Views, ClassNames? Classes, MofoModelOptions Options)
    {
        /// <summary>Checks values that come from a file.</summary>
        public void Validate()
        {
            Inputs.Validate();
            Network.Validate();
            Views.Validate();
            Classes?.Validate();
            Options.Validate();
            if ((Classes?.Count ?? 0) != Network.Classes || (Views.Frames, Views.ImageSize) != (Network.Size.Frames, Network.Size.ImageSize) || (Network.Fusion.UsesMotionBoxes() && Inputs.Motion is null))
            {
                throw new FormatException(Invariant(
                    $"The network has {Network.Classes} classes and clips of {Network.Size.Frames} frames of {Network.Size.ImageSize} pixels; the saved settings have {Classes?.Count ?? 0} class names, clips of {Views.Frames} frames of {Views.ImageSize} pixels, and the motion column '{Inputs.Motion ?? "none"}'."));
            }
        }
    }
}
