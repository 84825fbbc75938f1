using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>
/// From <c>ClipScores</c>, [V,K], to <c>Score</c>, [K], and <c>PredictedLabel</c>, or from <c>ClipFeatures</c>, [V,C], to <c>Features</c>, [C]: the mean over the V test
/// views of a video.
/// </summary>
/// <remarks>Scores that are no numbers, of a video that could not be read, give NaN and a missing key. Safe for use from several threads.</remarks>
public sealed class MofoViewAverageTransformer : ITransformer, IRunStage
{
    internal const string LoaderSignature = "MofoViewAverage";

    private static readonly StageFile File = new("view average", "MOFOVAVG", LoaderSignature, typeof(MofoViewAverageTransformer).Assembly.FullName!);

    private readonly State _state;
    private readonly IStageTransformer _transformer;

    internal MofoViewAverageTransformer(IHostEnvironment environment, ClassNames? classes, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(width, classes?.Count ?? width, nameof(width));
        _state = new State(classes, width);
        _transformer = classes is null
            ? new VectorTransformer<float[]>(environment, this, InputOf(classes), _ => [OutputColumn<float[]>.Vector(OnnxFeatureStage.FeaturesColumn, width, null, mean => mean)], Mean)
            : new VectorTransformer<ScoredRow>(environment, this, InputOf(classes), input => ScoredRow.Columns(input, classes), values => ScoredRow.Of(Mean(values), width));
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema after this stage.</summary>
    /// <param name="inputSchema">The schema it is applied to.</param>
    /// <returns>The output schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transformer.OutputSchema(inputSchema);

    /// <summary>Adds the columns; lazy.</summary>
    /// <param name="input">A view with the model's output column.</param>
    /// <returns>The view with averages.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => _transformer.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _transformer.RowToRowMapper(inputSchema);

    void IRunStage.Use(MofoRunOptions options) => _transformer.Use(options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    internal static string InputOf(ClassNames? classes) => classes is null ? OnnxColumns.Features : OnnxColumns.Scores;

    internal static MofoViewAverageTransformer Load(IHostEnvironment environment, ModelLoadContext ctx) =>
        File.Load(ctx, (State state) =>
        {
            state.Classes?.Validate();
            return new MofoViewAverageTransformer(environment, state.Classes, state.Width);
        });

    private float[] Mean(float[] views) => views.Length > 0 && views.Length % _state.Width == 0
        ? ViewMean.Of([.. views.Chunk(_state.Width)])
        : throw new InvalidOperationException(Invariant($"The column '{InputOf(_state.Classes)}' has {views.Length} values; expected a multiple of {_state.Width}."));

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(ClassNames? Classes, int Width);
}
