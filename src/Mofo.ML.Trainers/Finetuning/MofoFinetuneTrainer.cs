using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>
/// Motion-aware finetuning: a video transformer classifies actions, joining tokens inside the motion box with those outside it
/// (MOFO, arXiv 2308.12447, section 3.3).
/// </summary>
/// <remarks>
/// Starts from <see cref="MofoTrainingOptions.InitialWeights"/>, else from the <see cref="MofoPretrainedTransformer"/> upstream in the same
/// chain, else from random weights, with a warning in the log.
/// </remarks>
public sealed class MofoFinetuneTrainer : IEstimator<MofoClassificationTransformer>
{
    /// <summary>Warm-up epochs of the paper's scripts.</summary>
    private const double UsualWarmup = 5;

    private readonly StageHost _host;
    private readonly LabelColumn _label;
    private readonly VideoInputs _inputs;
    private readonly MofoFinetuningOptions _options;

    internal MofoFinetuneTrainer(IHostEnvironment environment, string labelColumn, string videoColumn, string motionColumn, MofoFinetuningOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(videoColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(motionColumn);
        _host = new StageHost(environment, nameof(MofoFinetuneTrainer));
        (_label, _inputs) = (new LabelColumn(labelColumn), new VideoInputs(videoColumn, motionColumn));
        _options = (options ?? new MofoFinetuningOptions()).Copy();
        _options.Validate();
    }

    /// <summary>Trains on all rows of the view that have a label.</summary>
    /// <param name="input">A view with label (key), video (text) and motion (variable vector of Single) columns; read once.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="Mofo.ML.Transforms.VideoException">A video cannot be read and <c>OnBadVideo</c> is <c>Throw</c>.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not a number.</exception>
    /// <exception cref="CheckpointException">The checkpoint folder cannot be written to, or holds another training's.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public MofoClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _inputs.Check(input.Schema);
        var classes = ClassNames.Of(_label.Check(input.Schema));
        using var folder = TrainingRun.OpenFolder(_options);
        var rows = LabelledRows(input);
        var validation = _options.ValidationSet is { } set ? LabelledRows(set) : [];
        var seed = _options.Seed ?? _host.Seed;
        var device = TrainingDevice.Choose(_host);
        var model = NewModel(classes.Count, PretrainedAnnotation.Find(input.Schema), seed, device);
        try
        {
            var transformer = new MofoClassificationTransformer(_host.Environment, _inputs, classes, _options, model, device);
            Train(transformer, rows, validation, seed, device, folder);
            return transformer;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns, <c>Score</c> and <c>PredictedLabel</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        var label = _label.Check(inputSchema);
        return StageShapes.With(inputSchema, ScoreColumns.Shapes(ClassificationStage.ScoreColumn, ClassificationStage.PredictedColumn, label));
    }

    private List<TrainingRow> LabelledRows(IDataView data)
    {
        _inputs.Check(data.Schema);
        _ = _label.Check(data.Schema);
        var rows = TrainingRow.ReadAll(data, _inputs, _label.Name);
        var without = rows.RemoveAll(row => row.Label < 0);
        if (without > 0)
        {
            _host.Warning($"{without} of {without + rows.Count} rows have no label and are left out.");
        }

        return rows.Count > 0 ? rows : throw new InvalidOperationException($"No row has a value in the label column '{_label.Name}'.");
    }

    private VideoClassifier NewModel(int classes, MofoPretrainedTransformer? upstream, int seed, Device device)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var model = new VideoClassifier(_options.Model, new ClassifierShape(classes, _options.Fusion) { DropPath = _options.DropPath, Start = _options.WeightStart }, generator);
        if (_options.InitialWeights is { } path)
        {
            _host.Info(WeightLoader.Load(path, model, WeightUse.Encoder).ToString());
        }
        else if (upstream is not null && _options.UsePretrained)
        {
            _host.Info(Take(upstream, model).ToString());
        }
        else
        {
            _host.Warning("Training starts from random weights: there is neither InitialWeights nor a pretrained stage upstream that it may use.");
        }

        _ = model.to(device);
        ComputeTypes.Apply(model, ComputeTypes.Choose(_options.Precision, device));
        return model;
    }

    private static LoadReport Take(MofoPretrainedTransformer upstream, VideoClassifier model)
    {
        using var weights = ModuleWeights.Export(upstream.Model, "the pretrained stage upstream");
        return WeightLoader.Load(weights, model.state_dict(), WeightUse.Encoder);
    }

    private void Train(MofoClassificationTransformer transformer, List<TrainingRow> rows, List<TrainingRow> validation, int seed, Device device, CheckpointFolder? folder)
    {
        var model = transformer.Model;
        var plan = new TrainingPlan(rows.Count, _options, UsualWarmup);
        var groups = ParameterGroups.Divide(
            model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), _options.WeightDecay, _options.LayerDecay, _options.Model.Depth);
        using var optimizer = new ScheduledAdamW(model, groups, plan, beta2: 0.999, _options);
        using var best = new BestWeights(model);
        model.train();
        new TrainingRun(_host, folder).Train(
            new TrainingSetup<FinetuningClip>
            {
                Stage = "finetuning",
                Options = _options,
                Plan = plan,
                Seed = seed,
                Model = model,
                Step = new FinetuningStep(model, transformer.Classes.Count, _options, device),
                Optimizer = optimizer,
                Load = new FinetuningClips(rows, _options).Load,
                Parts = [best],
                AfterEpoch = Validate,
                Identity = new Dictionary<string, string>
                {
                    ["Classes"] = string.Join(", ", transformer.ClassLabels),
                    ["ValidationData"] = TrainingIdentity.Describe(validation),
                },
            },
            rows);
        best.Restore();
        model.eval();

        EpochOutcome Validate(int epoch)
        {
            if (validation.Count == 0)
            {
                return default;
            }

            model.eval();
            var accuracy = transformer.Accuracy(validation);
            model.train();
            best.Offer(accuracy);
            return new EpochOutcome(accuracy);
        }
    }
}
