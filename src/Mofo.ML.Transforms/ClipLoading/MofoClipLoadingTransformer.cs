using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.ClipLoading;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Adds the inputs of an exported model for all V test views of every video.</summary>
/// <remarks>
/// <c>Clips</c> is [V,3,T,S,S], RGB, (value / 255 - mean) / standard deviation; <c>ClipBoxes</c> is [V,T,4], x1, y1, x2, y2 of every frame in pixels of the view, zeros
/// where no box is known. Safe for use from several threads.
/// </remarks>
public sealed class MofoClipLoadingTransformer : ITransformer, IRunStage
{
    internal const string LoaderSignature = "MofoClipLoader";

    private static readonly StageFile File = new("clip loader", "MOFOCLIP", LoaderSignature, typeof(MofoClipLoadingTransformer).Assembly.FullName!);

    private readonly State _state;
    private readonly StageTransformer<ModelInputs> _transformer;

    internal MofoClipLoadingTransformer(IHostEnvironment environment, VideoInputs inputs, ScoringViews views, MofoClipLoadingOptions options)
    {
        _state = new State(inputs, views, options);
        var stage = new ClipLoadingStage(new StageHost(environment, nameof(MofoClipLoadingTransformer)), inputs, views, options);
        _transformer = new StageTransformer<ModelInputs>(environment, this, stage);
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema after this stage.</summary>
    /// <param name="inputSchema">The schema it is applied to.</param>
    /// <returns>The output schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transformer.OutputSchema(inputSchema);

    /// <summary>Adds the columns; lazy, videos are decoded while the columns are read.</summary>
    /// <param name="input">A view with the video and motion columns.</param>
    /// <returns>The view with clips.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => _transformer.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _transformer.RowToRowMapper(inputSchema);

    void IRunStage.Use(MofoRunOptions options) => _transformer.Use(options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    internal static MofoClipLoadingTransformer Load(IHostEnvironment environment, ModelLoadContext ctx) => File.Load(ctx, (State state) =>
    {
        state.Options.Validate();
        state.Inputs.Validate();
        state.Views.Validate();
        return new MofoClipLoadingTransformer(environment, state.Inputs, state.Views, state.Options);
    });

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(VideoInputs Inputs, ScoringViews Views, MofoClipLoadingOptions Options);
}
