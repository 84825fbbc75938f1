using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms;

/// <summary>Adds the motion boxes of every video, as <see cref="MotionDetectionEstimator"/> describes.</summary>
/// <remarks>
/// Videos are read when the boxes are asked for, several at once, and remembered for as long as the transformer lives, so that stages
/// behind it do not detect again. Safe for use from several threads.
/// </remarks>
public sealed class MotionDetectionTransformer : ITransformer, IRunStage
{
    internal const string LoaderSignature = "MofoMotionDetector";

    private static readonly StageFile File = new("motion detector", "MOFODETC", LoaderSignature, typeof(MotionDetectionTransformer).Assembly.FullName!);

    private readonly State _state;
    private readonly StageTransformer<float[]> _transformer;

    internal MotionDetectionTransformer(IHostEnvironment environment, string outputColumn, string inputColumn, MotionDetectionOptions options)
    {
        _state = new State(outputColumn, inputColumn, options.Copy());
        var stage = new DetectionStage(new StageHost(environment, nameof(MotionDetectionTransformer)), outputColumn, inputColumn, _state.Options);
        _transformer = new StageTransformer<float[]>(environment, this, stage);
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The settings in force, as a copy.</summary>
    internal MotionDetectionOptions Options => _state.Options.Copy();

    /// <summary>The schema after this stage: the input columns and the box column.</summary>
    /// <param name="inputSchema">The schema it is applied to.</param>
    /// <returns>The output schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transformer.OutputSchema(inputSchema);

    /// <summary>Adds the box column; lazy, nothing is read before the column is.</summary>
    /// <param name="input">A view with the video column.</param>
    /// <returns>The view with boxes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public IDataView Transform(IDataView input) => _transformer.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _transformer.RowToRowMapper(inputSchema);

    void IRunStage.Use(MofoRunOptions options) => _transformer.Use(options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    internal static MotionDetectionTransformer Load(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        SavedColumn.Check(state.OutputColumn, "output");
        SavedColumn.Check(state.InputColumn, "video");
        return new MotionDetectionTransformer(environment, state.OutputColumn, state.InputColumn, state.Options);
    });

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(string OutputColumn, string InputColumn, MotionDetectionOptions Options);
}
