using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers;

/// <summary>Makes a stage of published weights: features of every video and, where the weights have a classification head, its classes.</summary>
/// <remarks>There is nothing to learn: <see cref="Fit"/> checks the schema and reads the weights; no row of the data is read.</remarks>
public sealed class MofoModelEstimator : IEstimator<MofoModelTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly PublishedInputs _inputs;
    private readonly PublishedPlan _plan;
    private readonly MofoModelOptions _options;

    internal MofoModelEstimator(IHostEnvironment environment, string modelPath, string videoColumn, string motionColumn, MofoModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        _options = (options ?? new MofoModelOptions()).Copy();
        _options.Validate();
        NativeLoading.Require();
        _environment = environment;
        _plan = PublishedPlan.Of(modelPath, _options);
        _inputs = new PublishedInputs(videoColumn, motionColumn, _plan);
    }

    /// <summary>What the weights were found to be.</summary>
    public MofoModelDescription Description => new(_plan);

    /// <summary>Checks the input schema and reads the weights.</summary>
    /// <param name="input">A view with the video column and, for weights with a motion fusion, the motion column; no row is read.</param>
    /// <returns>The transformer; scoring happens when its output is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type; the message says what to append.</exception>
    /// <exception cref="WeightFileException">The weights cannot be read.</exception>
    /// <exception cref="WeightMismatchException">A tensor of the network is missing, or one of the file has no place in it.</exception>
    public MofoModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        var host = new StageHost(_environment, nameof(MofoModelEstimator));
        var (network, report) = _plan.Load();
        host.Info($"{Description} {report}");
        return MofoModelTransformer.Of(_environment, _inputs.Columns, _plan, _options, network);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns with <c>Features</c> and, for weights with a head, <c>Score</c> and <c>PredictedLabel</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type; the message says what to append.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        SchemaShape.Column[] added =
        [
            StageShapes.Vector(PublishedStage.FeaturesColumn),
            .. _plan.Classes is { } classes ? ScoreColumns.Shapes(ScoredRow.ScoreColumn, ScoredRow.PredictedColumn, ScoreColumns.LabelShape(classes.ItemType)) : [],
        ];
        return StageShapes.With(inputSchema, added);
    }
}
