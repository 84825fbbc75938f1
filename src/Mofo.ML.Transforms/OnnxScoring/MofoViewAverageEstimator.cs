using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Averages what ML.NET's <c>ApplyOnnxModel</c> gave for the test views of a video, and names it as the other scorers do.</summary>
/// <remarks>There is nothing to learn: <see cref="Fit"/> checks the schema.</remarks>
public sealed class MofoViewAverageEstimator : IEstimator<MofoViewAverageTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly ClassNames? _classes;

    internal MofoViewAverageEstimator(IHostEnvironment environment, string modelFile) =>
        (_environment, _classes) = (environment, OnnxModelFile.ReadFacts(modelFile).Classes);

    /// <summary>Checks the input schema.</summary>
    /// <param name="input">A view with the model's output column.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public MofoViewAverageTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = MofoViewAverageTransformer.InputOf(_classes);
        VectorMapper<ScoredRow>.Check(input.Schema, column);
        var width = _classes?.Count ?? WidthOf(input.Schema[column]);
        return new MofoViewAverageTransformer(_environment, _classes, width);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns with <c>Score</c> and <c>PredictedLabel</c>, or, for an encoder, with <c>Features</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        VectorMapper<ScoredRow>.Check(inputSchema, MofoViewAverageTransformer.InputOf(_classes));
        return _classes is not null
            ? StageShapes.With(inputSchema, ScoreColumns.Shapes(ScoredRow.ScoreColumn, ScoredRow.PredictedColumn, ScoreColumns.LabelShape(_classes.ItemType)))
            : StageShapes.With(inputSchema, StageShapes.Vector(OnnxFeatureStage.FeaturesColumn));
    }

    /// <summary>The last dimension of an encoder's output, [V,C].</summary>
    private static int WidthOf(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Dimensions is [.., > 0 and var width]
        ? width
        : throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is of type {column.Type}; its last dimension must be known.");
}
