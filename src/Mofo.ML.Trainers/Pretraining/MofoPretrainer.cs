using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>
/// MOFO's self-supervised pretraining: a masked autoencoder learns to rebuild hidden tubes of unlabelled clips, a fixed share of those in
/// the motion box among them (MOFO, arXiv 2308.12447, section 3.2; VideoMAE, arXiv 2203.12602).
/// </summary>
public sealed class MofoPretrainer : IEstimator<MofoPretrainedTransformer>
{
    /// <summary>Warm-up epochs of the paper's scripts.</summary>
    private const double UsualWarmup = 40;

    private readonly StageHost _host;
    private readonly string _outputColumn;
    private readonly VideoInputs _inputs;
    private readonly MofoPretrainingOptions _options;

    internal MofoPretrainer(IHostEnvironment environment, string outputColumn, string videoColumn, string motionColumn, MofoPretrainingOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        (_outputColumn, _inputs) = (outputColumn, new VideoInputs(videoColumn, motionColumn));
        _options = (options ?? new MofoPretrainingOptions()).Copy();
        _host = new StageHost(environment, nameof(MofoPretrainer), _options.Warning);
        InitialWeights.Configure(_options, needsDecoder: true, _host.Info);
        _options.Validate();
        NativeLoading.Require();
    }

    /// <summary>Pretrains on all rows of the view.</summary>
    /// <param name="input">A view with the video column (text) and the motion column (variable vector of Single); read once.</param>
    /// <returns>The pretrained stage; its output column is the clip's embedding.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="Mofo.ML.Transforms.VideoException">A video cannot be read and <c>OnBadVideo</c> is <c>Throw</c>.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not a number.</exception>
    /// <exception cref="CheckpointException">The checkpoint folder cannot be written to, or holds another training's.</exception>
    /// <exception cref="RankFailedException">Another process of the same training stopped.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public MofoPretrainedTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        using var folder = TrainingRun.OpenFolder(_options);
        using var cancellation = new StageCancellation(_host, _options.CancellationToken);
        var world = _options.World ?? TrainingWorld.Alone;
        var rows = world.Together(() => TrainingRow.ReadAll(input, _inputs, null, null, cancellation));
        if (rows.Count == 0)
        {
            throw new InvalidOperationException("There are no rows to pretrain on.");
        }

        var seed = _options.Seed ?? _host.Seed;
        var device = DeviceChoice.For(_host);
        var model = world.Together(() => NewModel(seed, device));
        try
        {
            Train(model, rows, seed, device, folder, cancellation.Token);
            return new MofoPretrainedTransformer(_host.Environment, _outputColumn, _inputs, _options, model, device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns and the feature column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return StageShapes.With(inputSchema, StageShapes.Vector(_outputColumn));
    }

    private MaskedAutoencoder NewModel(int seed, Device device)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var model = new MaskedAutoencoder(_options.Model, generator, _options.WeightStart, _options.ReconstructionTarget);
        if (_options.InitialWeights is { } path)
        {
            _host.Info(InitialAutoencoder.Load(path, model, _options).ToString());
        }
        else
        {
            InputCompatibility.RequireComputedPositions(_options.Model, nameof(MofoPretrainingOptions));
        }

        _ = model.to(device);
        ComputeTypes.Apply(model, ComputeTypes.Choose(_options.Precision, device), device);
        return model;
    }

    private void Train(MaskedAutoencoder model, List<TrainingRow> rows, int seed, Device device, CheckpointFolder? folder, CancellationToken cancel)
    {
        var options = _options.Copy();
        options.CancellationToken = cancel;
        var plan = new TrainingPlan(rows.Count, _options, UsualWarmup);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), _options.WeightDecay);
        using var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.95));
        model.train();
        var clips = ClipSources.For(_options, _host.Warning, device);
        using var kept = clips as IDisposable;
        new TrainingRun(_host, folder).Train(
            new TrainingSetup<PretrainingClip>
            {
                Stage = "pretraining",
                Options = options,
                Plan = plan,
                Seed = seed,
                Model = model,
                Step = new PretrainingStep(model, _options, device),
                Optimizer = optimizer,
                StepsPerReading = TrainingSetup<PretrainingClip>.StepsPerReadingOn(device),
                Advice = new PretrainingAdvice(_options, plan, rows.Count).OnPlateau(),
                Load = new PretrainingClips(rows, _options, clips, DevicePixels.MakerFor(device)).Load,
            },
            rows);
    }
}
