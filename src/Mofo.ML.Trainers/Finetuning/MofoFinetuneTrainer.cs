using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.BuiltIn;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>
/// Motion-aware finetuning: a video transformer classifies actions, joining tokens inside the motion box with those outside it
/// (MOFO, arXiv 2308.12447, section 3.3).
/// </summary>
/// <remarks>
/// Starts from <see cref="MofoTrainingOptions.InitialWeights"/>, else from the <see cref="MofoPretrainedTransformer"/> upstream in the same
/// chain, whose size the network then has where the options name none, else from <see cref="PretrainedWeights"/> where
/// <see cref="MofoFinetuningOptions.UseBuiltInWeights"/> asks for them and they fit, else from random weights, with a warning in the log.
/// <para>
/// Fitting trains on all rows of the view that have a label (and a weight above 0, where there is a weight column); the view is read once. It throws <see cref="VideoException"/>
/// where a video cannot be read and <c>OnBadVideo</c> is <c>Throw</c>; <see cref="InvalidOperationException"/> where no row has a label, a weight is negative or not a number,
/// or a validation row has a label that no training row has; <see cref="TrainingDivergedException"/> where the loss or the gradient is not a number;
/// <see cref="RankFailedException"/> where another process of the same training stopped;
/// <see cref="CheckpointException"/> where the checkpoint folder cannot be written to or holds another training's; and <see cref="OperationCanceledException"/>.
/// </para>
/// </remarks>
public sealed class MofoFinetuneTrainer : MofoEstimator<MofoClassificationTransformer>
{
    /// <summary>Warm-up epochs of the paper's scripts.</summary>
    private const double UsualWarmup = 5;

    private const string RandomWeights =
        "Training starts from random weights: there are neither InitialWeights, nor a pretrained stage upstream that it may use, nor weights that come with the library for this network.";

    private readonly StageHost _host;
    private readonly Action<string> _warn; // of several processes the first alone: all would say the same
    private readonly VideoInputs _inputs;
    private readonly FinetuningData _data;
    private readonly MofoFinetuningOptions _options;

    internal MofoFinetuneTrainer(
        IHostEnvironment environment, string labelColumn, string videoColumn, string motionColumn, MofoFinetuningOptions? options, string? weightColumn = null)
        : base(environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        _options = (options ?? new MofoFinetuningOptions()).Copy();
        _host = new StageHost(environment, nameof(MofoFinetuneTrainer), _options.Warning);
        _warn = _options.WorldInForce.FirstAlone(_host.Warning);
        StartingSize.Take(_options, needsDecoder: false, _host.Info, _warn);
        _options.Validate();
        _inputs = new VideoInputs(videoColumn, motionColumn);
        _data = new FinetuningData(_host, _inputs, new LabelColumn(labelColumn), weightColumn is null ? null : new WeightColumn(weightColumn), _warn);
        TorchLibrary.Require();
    }

    private protected override MofoClassificationTransformer FitTo(IDataView input)
    {
        var classes = ClassNames.Of(_data.Check(input.Schema));
        using var folder = TrainingRun.OpenFolder(_options);
        var seed = _options.Seed ?? _host.Seed;
        using var cancellation = new StageCancellation(_host, _options.CancellationToken);
        var world = _options.WorldInForce;
        var device = DeviceChoice.For(_host);
        var upstream = PretrainedAnnotation.Find(input.Schema);
        var sized = world.Together(() => SizedBy(upstream));
        var fromRandom = IsRandom(sized, upstream);
        // Reading the data detects the motion of all clips, which may take hours: what is known now is said now.
        var early = fromRandom ? FinetuningAdvice.BeforeData(sized, input.GetRowCount()) : null;
        if (fromRandom)
        {
            _warn($"{RandomWeights} {early}".TrimEnd());
        }

        var clips = ClipSources.For(sized, _host, device, upstream?.Frames);
        using var kept = clips as IDisposable;
        var (rows, validation) = world.Together(() => FrameAudience.Attending(clips as IFrameAudience, () => _data.Read(input, sized, seed, cancellation)));
        var model = world.Together(() => NewModel(sized, classes.Count, upstream, seed, device, _host.Info));
        try
        {
            var transformer = new MofoClassificationTransformer(_host.Environment, _inputs, classes, sized, model, device);
            var options = sized.Copy();
            options.CancellationToken = cancellation.Token;
            var plan = new TrainingPlan(rows.Count, options, UsualWarmup);
            var advice = new FinetuningAdvice(options, plan, rows.Count, fromRandom);
            if (early is null && advice.BeforeStart() is { } warning)
            {
                _warn(warning);
            }

            var job = new Job(classes, rows, validation, clips, plan, advice, seed, device, folder);
            TrainingWorkers.Run(
                options, options.Copy, plan, device, model, () => NewModel(sized, classes.Count, upstream, seed, device, _ => { }), (network, own) => Train(network, own, job));
            return transformer;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        // ML.NET asks for the shape of a whole chain before it fits the first stage: a contradiction is found before the pretraining.
        if (_options is { InitialWeights: null, UsePretrained: true } && PretrainedAnnotation.SizeIn(input) is { } upstream)
        {
            StartingSize.TakeUpstream(_options.Copy(), upstream, _ => { });
        }

        return ScoredRow.Shapes(_data.Check(input));
    }

    /// <summary>The options of a training behind this stage: where it starts from the stage's weights, with the size of its network.</summary>
    /// <exception cref="MofoOptionsException">The network contradicts the stage's, or should have positions that nothing gives it.</exception>
    private MofoFinetuningOptions SizedBy(MofoPretrainedTransformer? upstream)
    {
        var options = _options.Copy();
        if (TakesUpstream(options, upstream))
        {
            StartingSize.TakeUpstream(options, upstream.Config, _host.Info);
            options.Validate();
        }
        else if (IsRandom(options, upstream))
        {
            InputCompatibility.RequireComputedPositions(options.Model, nameof(MofoFinetuningOptions));
        }

        return options;
    }

    private static bool TakesUpstream(MofoFinetuningOptions options, [NotNullWhen(true)] MofoPretrainedTransformer? upstream) =>
        options.InitialWeights is null && options.UsePretrained && upstream is not null;

    /// <summary>Whether the weights that come with the library are a start for this network.</summary>
    private static bool StartsBuiltIn(MofoFinetuningOptions options) => options.UseBuiltInWeights && BuiltInWeights.Fit(options.Model);

    private static bool IsRandom(MofoFinetuningOptions options, MofoPretrainedTransformer? upstream) =>
        options.InitialWeights is null && !TakesUpstream(options, upstream) && !StartsBuiltIn(options);

    private static VideoClassifier NewModel(MofoFinetuningOptions options, int classes, MofoPretrainedTransformer? upstream, int seed, Device device, Action<string> info)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var shape = new ClassifierShape(classes, options.Fusion)
        {
            DropPath = options.DropPath,
            HeadDropout = options.HeadDropout,
            Start = options.WeightStart,
            AsReleased = options.ReleasedSoftAttention,
        };
        var model = new VideoClassifier(options.Model, shape, generator);
        if (options.InitialWeights is { } path)
        {
            info(InitialWeights.Load(path, model, options.Model, WeightUse.Encoder).ToString());
        }
        else if (TakesUpstream(options, upstream))
        {
            info(Take(upstream, model).ToString());
        }
        else if (StartsBuiltIn(options))
        {
            info($"Training starts from the weights that come with the library. {InitialWeights.Load(BuiltInWeights.Micro, model, options.Model, WeightUse.Encoder)}");
        }

        _ = model.to(device);
        ComputeTypes.Apply(model, ComputeTypes.Choose(options.Precision, device), device);
        return model;
    }

    private static LoadReport Take(MofoPretrainedTransformer upstream, VideoClassifier model)
    {
        using var weights = ModuleWeights.Export(upstream.Model, StartingSize.Upstream);
        return WeightLoader.Load(weights, model.state_dict(), WeightUse.Encoder);
    }

    private void Train(VideoClassifier model, MofoFinetuningOptions options, Job job)
    {
        var (classes, rows, validation, clips, plan, advice, seed, device, folder) = job;
        Freezing.Apply(model, options);
        var learning = model.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (p.name, (int)p.parameter.dim()));
        var groups = ParameterGroups.Divide(learning, options.WeightDecay, options.LayerDecay, options.Model.Depth);
        using var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.999));
        var held = validation.Count > 0 ? new Validation(_host, validation, classes.Count, model, options, device) : null;
        using var progress = new WeightProgress(model, options, held is null ? null : held.Validate);
        Freezing.Train(model, options);
        new TrainingRun(_host, options.WorldInForce.IsFirst ? folder : null).Train(
            new TrainingSetup<FinetuningClip>
            {
                Stage = "finetuning",
                Options = options,
                Plan = plan,
                Seed = seed,
                Model = model,
                Step = new FinetuningStep(model, classes.Count, options, device),
                Optimizer = optimizer,
                StepsPerReading = TrainingSetup<FinetuningClip>.StepsPerReadingOn(device),
                Load = new FinetuningClips(rows, options, clips, DevicePixels.MakerFor(device)).Load,
                Parts = progress.Parts,
                Advice = advice.OnPlateau(),
                AfterStep = progress.AfterStep,
                AfterEpoch = progress.AfterEpoch,
                Identity = new Dictionary<string, string>
                {
                    ["Classes"] = string.Join(", ", classes.Values),
                    ["ValidationData"] = RunIdentity.Describe(validation),
                },
            },
            rows);
        progress.Finish();
    }

    /// <summary>What all workers of one training share; the folder is the first one's.</summary>
    private sealed record Job(
        ClassNames Classes, List<TrainingRow> Rows, List<TrainingRow> Validation, IClipSource Clips, TrainingPlan Plan, FinetuningAdvice Advice, int Seed, Device Device, CheckpointFolder? Folder);
}
