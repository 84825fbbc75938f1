using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms;

/// <summary>Adds a picture of the motion map of every video, as <see cref="MotionMapEstimator"/> describes.</summary>
/// <remarks>Videos are read when the images are asked for, several at once. Safe for use from several threads.</remarks>
public sealed class MotionMapTransformer : ITransformer, IRunStage
{
    internal const string LoaderSignature = "MofoMotionMap";

    private static readonly StageFile File = new("motion map", "MOFOMMAP", LoaderSignature, typeof(MotionMapTransformer).Assembly.FullName!);

    private readonly State _state;
    private readonly StageTransformer<GrayPicture?> _transformer;

    internal MotionMapTransformer(IHostEnvironment environment, string outputColumn, string inputColumn, MotionMapOptions options)
    {
        _state = new State(outputColumn, inputColumn, options.Copy());
        var stage = new MotionMapStage(new StageHost(environment, nameof(MotionMapTransformer)), outputColumn, inputColumn, _state.Options);
        _transformer = new StageTransformer<GrayPicture?>(environment, this, stage);
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema after this stage: the input columns and the image column.</summary>
    /// <param name="inputSchema">The schema it is applied to.</param>
    /// <returns>The output schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transformer.OutputSchema(inputSchema);

    /// <summary>Adds the image column; lazy, nothing is read before the column is.</summary>
    /// <param name="input">A view with the video column.</param>
    /// <returns>The view with images.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video column is missing or is not text.</exception>
    public IDataView Transform(IDataView input) => _transformer.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _transformer.RowToRowMapper(inputSchema);

    void IRunStage.Use(MofoRunOptions options) => _transformer.Use(options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    internal static MotionMapTransformer Load(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        SavedColumn.Check(state.OutputColumn, "output");
        SavedColumn.Check(state.InputColumn, "video");
        return new MotionMapTransformer(environment, state.OutputColumn, state.InputColumn, state.Options);
    });

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(string OutputColumn, string InputColumn, MotionMapOptions Options);
}
