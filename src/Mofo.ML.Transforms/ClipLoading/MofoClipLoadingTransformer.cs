using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.ClipLoading;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Adds the inputs of an exported model for all V test views of every video.</summary>
/// <remarks>
/// <c>Clips</c> is [V,3,T,S,S], RGB, (value / 255 - mean) / standard deviation; <c>ClipBoxes</c> is [V,T,4], x1, y1, x2, y2 of every frame in pixels of the view, zeros
/// where no box is known. Videos are decoded while the columns are read. Safe for use from several threads.
/// </remarks>
public sealed class MofoClipLoadingTransformer : MofoTransformer
{
    internal const string LoaderSignature = "MofoClipLoader";

    private static readonly StageFile File = new("clip loader", "MOFOCLIP", LoaderSignature, typeof(MofoClipLoadingTransformer).Assembly.FullName!);

    private readonly State _state;

    internal MofoClipLoadingTransformer(IHostEnvironment environment, VideoInputs inputs, ScoringViews views, MofoClipLoadingOptions options)
    {
        _state = new State(inputs, views, options);
        var stage = new ClipLoadingStage(new StageHost(environment, nameof(MofoClipLoadingTransformer)), inputs, views, options);
        Stage = new StageTransformer<ModelInputs>(environment, this, stage);
    }

    private protected override IStageTransformer Stage { get; }

    internal static MofoClipLoadingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        state.Inputs.Validate();
        state.Views.Validate();
        return new MofoClipLoadingTransformer(environment, state.Inputs, state.Views, state.Options);
    });

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(VideoInputs Inputs, ScoringViews Views, MofoClipLoadingOptions Options);
}
