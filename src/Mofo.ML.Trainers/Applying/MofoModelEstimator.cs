using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers;

/// <summary>Makes a stage of published weights: features of every video and, where the weights have a classification head, its classes.</summary>
/// <remarks>
/// There is nothing to learn: fitting checks the schema and reads the weights; no row of the data is read, and scoring happens when the columns are read. It throws
/// <see cref="WeightFileException"/> where the weights cannot be read, and <see cref="WeightMismatchException"/> where a tensor of the network is missing or one of the file
/// has no place in it.
/// </remarks>
public sealed class MofoModelEstimator : MofoEstimator<MofoModelTransformer>
{
    private readonly PublishedInputs _inputs;
    private readonly PublishedPlan _plan;
    private readonly MofoModelOptions _options;

    internal MofoModelEstimator(IHostEnvironment environment, string modelPath, string videoColumn, string motionColumn, MofoModelOptions? options)
        : base(environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        _options = (options ?? new MofoModelOptions()).Copy();
        _options.Validate();
        TorchLibrary.Require();
        _plan = PublishedPlan.Of(modelPath, _options);
        _inputs = new PublishedInputs(videoColumn, motionColumn, _plan);
    }

    /// <summary>What the weights were found to be.</summary>
    public MofoModelDescription Description => new(_plan);

    private protected override MofoModelTransformer FitTo(IDataView input)
    {
        _inputs.Check(input.Schema);
        var host = new StageHost(Environment, nameof(MofoModelEstimator));
        var (network, report) = _plan.Load();
        host.Info($"{Description} {report}");
        return MofoModelTransformer.Of(Environment, _inputs.Columns, _plan, _options, network);
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _inputs.Check(input);
        return [StageShapes.Vector(PublishedStage.FeaturesColumn), .. _plan.Classes is { } classes ? ScoredRow.Shapes(classes) : []];
    }
}
