using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Output;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>The model that a command applies: a saved pipeline, an exported ONNX file, or published weights.</summary>
internal sealed class ModelArgument
{
    private readonly OptionGroup<MofoModelOptions> _weights;
    private readonly DetectionOptions _detection;

    /// <param name="shared">Options of other groups by name.</param>
    public ModelArgument(Dictionary<string, Option> shared)
    {
        _weights = new OptionGroup<MofoModelOptions>(new MofoModelOptions(), shared);
        _detection = new DetectionOptions(shared);
    }

    public Argument<string> Path { get; } = new("model")
    {
        Description = "A pipeline saved by pretrain or finetune (.zip), a model exported by convert (.onnx), or published weights: a HuggingFace folder, a .pth or .safetensors of VideoMAE, VideoMAE V2, MOFO or MMAction2.",
    };

    public Option<int?> Gpu { get; } = new("--gpu") { Description = "Number of the CUDA device, from 0. [default: the processor]", HelpName = "integer" };

    /// <summary>Options after the model; those of weights and detector have no effect on a saved pipeline, which holds its own.</summary>
    public IEnumerable<Symbol> Options => [Gpu, .. _weights.Symbols, .. _detection.Symbols];

    /// <summary>The model for these videos, ready to transform them.</summary>
    /// <param name="run">What was given.</param>
    /// <param name="ml">The context.</param>
    /// <param name="view">The videos, with the columns VideoPath and Label.</param>
    /// <exception cref="UsageException">There is no such model.</exception>
    public LoadedModel Load(CommandRun run, MLContext ml, IDataView view)
    {
        var path = run.Value(Path);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new UsageException($"The model '{path}' is neither a file nor a folder.");
        }

        var detection = _detection.Read(run);
        var model = LoadedModel.IsOnnxFile(path) ? LoadOnnx(ml, view, path, detection)
            : File.Exists(path) && MofoWeights.IsSavedModel(path) ? ml.Model.Load(path, out _)
            : LoadWeights(run, ml, view, path, detection);
        return new LoadedModel(path, model, detection);
    }

    /// <summary>All values as text, by the names of their options.</summary>
    /// <param name="run">What was given.</param>
    /// <param name="detection">The motion detector's effective settings, <see cref="LoadedModel.Detection"/>.</param>
    public IEnumerable<KeyValuePair<string, string>> Values(CommandRun run, MotionDetectionOptions detection) =>
        [.. _weights.Values(_weights.Apply(run.Parsed, new MofoModelOptions())), .. _detection.Values(detection)];

    private static ITransformer LoadOnnx(MLContext ml, IDataView view, string path, MotionDetectionOptions asked)
    {
        var detection = MofoOnnxModels.DetectionOf(path) ?? asked;
        (detection.OnBadVideo, detection.VideoLimits) = (asked.OnBadVideo, asked.VideoLimits);
        return ml.Transforms.DetectMotion(options: detection)
            .Append(ml.Transforms.ApplyMofoOnnxModel(path, options: new MofoOnnxModelOptions { OnBadVideo = asked.OnBadVideo, VideoLimits = asked.VideoLimits })).Fit(view);
    }

    private ITransformer LoadWeights(CommandRun run, MLContext ml, IDataView view, string path, MotionDetectionOptions detection)
    {
        var options = _weights.Apply(run.Parsed, new MofoModelOptions());
        var found = MofoWeights.Describe(path, options);
        run.Terminal.Say($"{found}");
        var apply = ml.Transforms.ApplyMofoModel(path, options: options);
        return found.Fusion == MotionFusion.None ? apply.Fit(view) : ml.Transforms.DetectMotion(options: detection).Append(apply).Fit(view);
    }

    /// <summary>Shows the progress of a pass over this number of videos.</summary>
    public static IProgress<VideoProgress> ProgressOn(ProgressBoard board, string stage, int videos) => new Relay<VideoProgress>(
        told => board.Tell(stage, Math.Min(1, (double)told.VideosDone / Math.Max(1, videos)), Invariant($"{told.VideosDone} of {videos} videos")));
}
