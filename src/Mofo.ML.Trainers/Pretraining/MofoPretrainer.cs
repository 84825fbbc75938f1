using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>
/// MOFO's self-supervised pretraining: a masked autoencoder learns to reconstruct hidden tubes of unlabelled clips, a fixed share of those in
/// the motion box among them (MOFO, arXiv 2308.12447, section 3.2; VideoMAE, arXiv 2203.12602).
/// </summary>
/// <remarks>
/// Fitting trains on all rows of the view, which is read once. It throws <see cref="VideoException"/> where a video cannot be read and <c>OnBadVideo</c> is <c>Throw</c>,
/// <see cref="TrainingDivergedException"/> where the loss or the gradient is not a number, <see cref="RankFailedException"/> where another process of the same training stopped,
/// <see cref="CheckpointException"/> where the checkpoint folder cannot be written to or
/// holds another training's, and <see cref="OperationCanceledException"/>. The output column is the embedding of the clip.
/// </remarks>
public sealed class MofoPretrainer : MofoEstimator<MofoPretrainedTransformer>
{
    /// <summary>Warm-up epochs of the paper's scripts.</summary>
    private const double UsualWarmup = 40;

    private readonly StageHost _host;
    private readonly string _outputColumn;
    private readonly VideoInputs _inputs;
    private readonly MofoPretrainingOptions _options;

    internal MofoPretrainer(IHostEnvironment environment, string outputColumn, string videoColumn, string motionColumn, MofoPretrainingOptions? options)
        : base(environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        (_outputColumn, _inputs) = (outputColumn, new VideoInputs(videoColumn, motionColumn));
        _options = (options ?? new MofoPretrainingOptions()).Copy();
        _host = new StageHost(environment, nameof(MofoPretrainer), _options.Warning);
        StartingSize.Take(_options, needsDecoder: true, _host.Info, _options.WorldInForce.FirstAlone(_host.Warning));
        _options.Validate();
        TorchLibrary.Require();
    }

    private protected override MofoPretrainedTransformer FitTo(IDataView input)
    {
        _inputs.Check(input.Schema);
        using var folder = TrainingRun.OpenFolder(_options);
        using var cancellation = new StageCancellation(_host, _options.CancellationToken);
        var world = _options.WorldInForce;
        var device = DeviceChoice.For(_host);
        var clips = ClipSources.For(_options, _host, device);
        using var kept = clips as IDisposable;
        var rows = world.Together(() => FrameAudience.Attending(clips as IFrameAudience, () => TrainingRow.ReadAll(input, _inputs, null, null, cancellation)));
        if (rows.Count == 0)
        {
            throw new InvalidOperationException("There are no rows to pretrain on: the view is empty, or every row was skipped. Check the list or folder that it was loaded from.");
        }

        var seed = _options.Seed ?? _host.Seed;
        var model = world.Together(() => NewModel(seed, device, _host.Info));
        try
        {
            var options = _options.Copy();
            options.CancellationToken = cancellation.Token;
            var plan = new TrainingPlan(rows.Count, options, UsualWarmup);
            TrainingWorkers.Run(
                options, options.Copy, plan, device, model, () => NewModel(seed, device, _ => { }), (network, own) => Train(network, rows, clips, own, plan, seed, device, folder));
            return new MofoPretrainedTransformer(_host.Environment, _outputColumn, _inputs, _options, model, device)
            {
                Frames = clips is MemoryClipCache memory ? new FrameHandover(memory) : null,
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _inputs.Check(input);
        return [StageShapes.Vector(_outputColumn, annotations: PretrainedAnnotation.Shape(_options.Model))];
    }

    private MaskedAutoencoder NewModel(int seed, Device device, Action<string> info)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var model = new MaskedAutoencoder(_options.Model, generator, _options.WeightStart, _options.ReconstructionTarget);
        if (_options.InitialWeights is { } path)
        {
            info(InitialAutoencoder.Load(path, model, _options).ToString());
        }
        else
        {
            InputCompatibility.RequireComputedPositions(_options.Model, nameof(MofoPretrainingOptions));
        }

        _ = model.to(device);
        ComputeTypes.Apply(model, ComputeTypes.Choose(_options.Precision, device), device);
        return model;
    }

    private void Train(MaskedAutoencoder model, List<TrainingRow> rows, IClipSource clips, MofoPretrainingOptions options, TrainingPlan plan, int seed, Device device, CheckpointFolder? folder)
    {
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), options.WeightDecay);
        using var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.95));
        model.train();
        new TrainingRun(_host, options.WorldInForce.IsFirst ? folder : null).Train(
            new TrainingSetup<PretrainingClip>
            {
                Stage = "pretraining",
                Options = options,
                Plan = plan,
                Seed = seed,
                Model = model,
                Step = new PretrainingStep(model, options, device),
                Optimizer = optimizer,
                StepsPerReading = TrainingSetup<PretrainingClip>.StepsPerReadingOn(device),
                Advice = new PretrainingAdvice(options, plan, rows.Count).OnPlateau(),
                Load = new PretrainingClips(rows, options, clips, DevicePixels.MakerFor(device)).Load,
            },
            rows);
    }
}
