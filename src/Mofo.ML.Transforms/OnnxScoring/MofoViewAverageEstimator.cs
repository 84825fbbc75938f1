using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Averages what ML.NET's <c>ApplyOnnxModel</c> gave for the test views of a video, and names it as the other scorers do.</summary>
/// <remarks>There is nothing to learn: fitting checks the schema.</remarks>
public sealed class MofoViewAverageEstimator : MofoEstimator<MofoViewAverageTransformer>
{
    private readonly ClassNames? _classes;

    internal MofoViewAverageEstimator(IHostEnvironment environment, string modelFile)
        : base(environment) => _classes = OnnxModelFile.ReadFacts(modelFile).Classes;

    private protected override MofoViewAverageTransformer FitTo(IDataView input)
    {
        var column = MofoViewAverageTransformer.InputOf(_classes);
        VectorMapper<ScoredRow>.Check(input.Schema, column);
        return new MofoViewAverageTransformer(Environment, _classes, _classes?.Count ?? WidthOf(input.Schema[column]));
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        VectorMapper<ScoredRow>.Check(input, MofoViewAverageTransformer.InputOf(_classes));
        return OnnxColumns.Added(_classes);
    }

    /// <summary>The last dimension of an encoder's output, [V,C].</summary>
    private static int WidthOf(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Dimensions is [.., > 0 and var width]
        ? width
        : throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is of type {column.Type}; its last dimension must be known.");
}
