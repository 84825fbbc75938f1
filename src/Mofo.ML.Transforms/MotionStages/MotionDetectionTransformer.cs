using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.MotionStages;

namespace Mofo.ML.Transforms;

/// <summary>Adds the motion boxes of every video, as <see cref="MotionDetectionEstimator"/> describes.</summary>
/// <remarks>
/// Videos are read when the boxes are asked for, several at once, and remembered for as long as the transformer lives, so that stages
/// behind it do not detect again. Safe for use from several threads.
/// </remarks>
public sealed class MotionDetectionTransformer : MofoTransformer
{
    internal const string LoaderSignature = "MofoMotionDetector";

    private static readonly StageFile File = new("motion detector", "MOFODETC", LoaderSignature, typeof(MotionDetectionTransformer).Assembly.FullName!);

    private readonly State _state;

    internal MotionDetectionTransformer(IHostEnvironment environment, ColumnPairs columns, MotionDetectionOptions options)
    {
        _state = new State(columns.First.Output, columns.First.Input, options.Copy(), columns.Others);
        var host = new StageHost(environment, nameof(MotionDetectionTransformer));
        Stage = columns.Stages(pair => new StageTransformer<DetectedMotion>(environment, this, new DetectionStage(host, pair, _state.Options)));
    }

    /// <summary>The effective settings, as a copy.</summary>
    internal MotionDetectionOptions Options => _state.Options.Copy();

    private protected override IStageTransformer Stage { get; }

    internal static MotionDetectionTransformer Create(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        var columns = ColumnPairs.Saved(state.OutputColumn, state.InputColumn, state.Others);
        state.Options.ValidateColumns(columns.Count, columns.First.Output);
        return new MotionDetectionTransformer(environment, columns, state.Options);
    });

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(string OutputColumn, string InputColumn, MotionDetectionOptions Options, IReadOnlyList<ColumnPair>? Others = null);
}
