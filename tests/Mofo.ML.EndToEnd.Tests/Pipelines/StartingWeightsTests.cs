using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>What a finetuning starts from, seen in a network that learns nothing.</summary>
public sealed class StartingWeightsTests : IClassFixture<TrainedPipeline>
{
    private const string FromRandom = "Training starts from random weights";

    /// <summary>Far below what the rate moves, far above nothing: weights that are the same differ by no more.</summary>
    private const double NoChange = 1e-6;

    private readonly TrainedPipeline _pipeline;
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly List<string> _lines = [];

    public StartingWeightsTests(TrainedPipeline pipeline)
    {
        _pipeline = pipeline;
        _ml.Log += (_, e) => (e.Kind >= ChannelMessageKind.Warning ? _warnings : _lines).Add(e.RawMessage);
    }

    [Fact]
    public void The_weights_of_the_library_are_the_encoder_where_the_options_say_so()
    {
        using var library = (MofoPretrainedTransformer)_ml.Model.Load(PretrainedWeights.Micro, out _);
        using var model = Fit(Still(), Boxes());
        Assert.InRange(Difference(library, model.Model), 0, NoChange);
        Assert.DoesNotContain(_warnings, warning => warning.StartsWith(FromRandom, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_them_the_weights_are_random_and_that_is_said()
    {
        using var library = (MofoPretrainedTransformer)_ml.Model.Load(PretrainedWeights.Micro, out _);
        var options = Still();
        options.UseBuiltInWeights = false;
        using var model = Fit(options, Boxes());
        Assert.InRange(Difference(library, model.Model), 0.01, double.PositiveInfinity);
        Assert.Single(_warnings, warning => warning.StartsWith(FromRandom, StringComparison.Ordinal));
    }

    [Fact]
    public void Starting_weights_and_a_stage_upstream_win_over_those_of_the_library()
    {
        var boxes = Boxes();
        using var pretrained = Pretrained(VitConfig.Micro, boxes);
        using var library = (MofoPretrainedTransformer)_ml.Model.Load(PretrainedWeights.Micro, out _);
        Assert.InRange(Difference(library, pretrained.Model), 0.01, double.PositiveInfinity);

        using var behind = Fit(Still(), pretrained.Transform(boxes));
        Assert.InRange(Difference(pretrained, behind.Model), 0, NoChange);

        // A file wins over the stage too: that of another network of the same size.
        var (file, options) = (_pipeline.Scratch("start.zip"), Still());
        using var other = Pretrained(VitConfig.Micro, boxes, seed: 2);
        _ml.Model.Save(other, boxes.Schema, file);
        options.InitialWeights = file;
        using var fromFile = Fit(options, pretrained.Transform(boxes));
        Assert.InRange(Difference(other, fromFile.Model), 0, NoChange);
        Assert.InRange(Difference(pretrained, fromFile.Model), 0.01, double.PositiveInfinity);
    }

    [Fact]
    public void Without_a_size_the_network_is_that_of_the_stage_upstream_also_when_it_is_saved()
    {
        var boxes = Boxes();
        var size = TrainedPipeline.TinyModel with { Input = ClipInput.Changes, Positions = TokenPositions.PerAxis };
        using var pretrained = Pretrained(size, boxes);
        using var model = Fit(new() { Epochs = 1, BatchSize = 4, BaseLearningRate = 1e-12, MinLearningRate = 0, Precision = Precision.Float32, CheckpointFolder = _pipeline.Scratch("sized") }, pretrained.Transform(boxes));
        Assert.InRange(Difference(pretrained, model.Model), 0, NoChange);
        Assert.Contains(_lines, line => line.StartsWith("The size of the network is that of the pretrained stage upstream: 2 blocks of width 48, 3 heads", StringComparison.Ordinal));

        var path = _pipeline.Scratch("sized.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        string[] files = [path, .. Directory.GetFiles(_pipeline.Scratch("sized"), "*.safetensors")];
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.Equal(size, MofoWeights.SizeOf(file)));
        Assert.All(files, file => Assert.Contains(
            "Model.Input is Pixels", Assert.Throws<MofoOptionsException>(() => Trainer(new() { InitialWeights = file, Model = size with { Input = ClipInput.Pixels } })).Message, StringComparison.Ordinal));
    }

    /// <summary>A recipe that starts from the library's weights and moves none by more than a rounding error.</summary>
    private static MofoFinetuningOptions Still()
    {
        var options = MofoFinetuningOptions.For(18, model: VitConfig.Micro);
        (options.Epochs, options.WarmupEpochs, options.BatchSize, options.BaseLearningRate, options.MinLearningRate, options.Workers) = (1, 0, 18, 1e-12, 0, 1);
        options.Precision = Precision.Float32;
        return options;
    }

    private MofoClassificationTransformer Fit(MofoFinetuningOptions options, IDataView data) => Trainer(options).Fit(data);

    private MofoFinetuneTrainer Trainer(MofoFinetuningOptions options) => _ml.MulticlassClassification.Trainers.MofoFinetune(options);

    private MofoPretrainedTransformer Pretrained(VitConfig size, IDataView boxes, int seed = 1) =>
        _ml.Transforms.PretrainMofo(new MofoPretrainingOptions { Model = size, Epochs = 1, BatchSize = 18, BaseLearningRate = 0.02, Seed = seed, Precision = Precision.Float32 }).Fit(boxes);

    private IDataView Boxes() => _ml.Data.Cache(_ml.Transforms.DetectMotion(new MotionDetectionOptions { CacheFolder = _pipeline.Scratch("motion") })
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label")).Fit(_pipeline.Train).Transform(_pipeline.Train));

    /// <summary>The largest difference between the encoder of a pretrained network and that of another network.</summary>
    private static double Difference(MofoPretrainedTransformer pretrained, nn.Module other)
    {
        using var scope = NewDisposeScope();
        var theirs = other.state_dict().ToDictionary(p => Bare(p.Key), p => p.Value);
        var shared = pretrained.Model.state_dict().Where(p => Bare(p.Key) != p.Key && theirs.ContainsKey(Bare(p.Key))).ToList();
        Assert.Contains(shared, p => p.Key == "encoder.patch_embed.proj.weight");
        Assert.Contains(shared, p => p.Key.StartsWith("encoder.blocks.1.", StringComparison.Ordinal));
        return shared.Max(p => (p.Value - theirs[Bare(p.Key)]).abs().max().ToDouble());
    }

    /// <summary>A classifier's encoder has no name of its own.</summary>
    private static string Bare(string name) => name.StartsWith("encoder.", StringComparison.Ordinal) ? name["encoder.".Length..] : name;
}
