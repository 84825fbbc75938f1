using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.MotionStages;

namespace Mofo.ML.Transforms;

/// <summary>Adds a picture of the motion map of every video, as <see cref="MotionMapEstimator"/> describes.</summary>
/// <remarks>Videos are read when the images are asked for, several at once. Safe for use from several threads.</remarks>
public sealed class MotionMapTransformer : MofoTransformer
{
    internal const string LoaderSignature = "MofoMotionMap";

    private static readonly StageFile File = new("motion map", "MOFOMMAP", LoaderSignature, typeof(MotionMapTransformer).Assembly.FullName!);

    private readonly State _state;

    internal MotionMapTransformer(IHostEnvironment environment, ColumnPairs columns, MotionMapOptions options)
    {
        _state = new State(columns.First.Output, columns.First.Input, options.Copy(), columns.Others);
        var host = new StageHost(environment, nameof(MotionMapTransformer));
        Stage = columns.Stages(pair => new StageTransformer<GrayPicture?>(environment, this, new MotionMapStage(host, pair, _state.Options)));
    }

    private protected override IStageTransformer Stage { get; }

    internal static MotionMapTransformer Create(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        return new MotionMapTransformer(environment, ColumnPairs.Saved(state.OutputColumn, state.InputColumn, state.Others), state.Options);
    });

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(string OutputColumn, string InputColumn, MotionMapOptions Options, IReadOnlyList<ColumnPair>? Others = null);
}
