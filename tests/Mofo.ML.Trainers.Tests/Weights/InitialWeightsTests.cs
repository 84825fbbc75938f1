using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights.Facts;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class InitialWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-initial-").FullName;
    private readonly List<string> _log = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_a_size_the_network_has_that_of_the_folder(int shards)
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()), shards: shards);
        var options = Configured(new MofoFinetuningOptions { InitialWeights = _folder });
        Assert.Equal((24, 2, 2, 8, 32), (options.Model.EmbedDim, options.Model.Depth, options.Model.Heads, options.Model.Frames, options.Model.ImageSize));
        Assert.StartsWith($"The size of the network is that of the weights of {_folder}", Assert.Single(_log));
        Assert.Contains("2 blocks of width 24, 2 heads, 8 frames of 32 pixels, patches of 2x16x16", _log[0]);

        var report = Load(_folder, options.Model, classes: 5);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Contains("The head for 3 classes was left out; the model's head for 5 classes starts from its initial values.", report.ToString());
        Assert.Contains("classifier.weight", report.Ignored);
    }

    [Fact]
    public void A_pretraining_folder_gives_the_decoder_too()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Pretraining()), HuggingFaceFolders.Config(meanPooling: false, labels: false));
        var options = new MofoPretrainingOptions { InitialWeights = _folder };
        StartingSize.Take(options, needsDecoder: true, _log.Add);
        Assert.Equal(TinyModels.Config, options.Model);
        Assert.True(MofoWeights.CheckForPretraining(_folder, options.Model).IsComplete);
    }

    [Fact]
    public void Without_weights_the_size_stays_the_papers()
    {
        Assert.Equal(VitConfig.Base, Configured(new MofoFinetuningOptions()).Model);
        Assert.Empty(_log);
    }

    [Fact]
    public void Positions_of_a_folder_are_interpolated_to_other_clips_and_the_log_says_so()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()));
        var asked = TinyModels.Config with { Frames = 4, ImageSize = 64 };
        var model = Configured(new MofoFinetuningOptions { InitialWeights = _folder, Model = asked }).Model;
        Assert.Equal(asked with { PositionFrames = 8, PositionImageSize = 32 }, model);
        Assert.Equal($"Positions are interpolated from 8 frames of 32 pixels, at which the weights of {_folder} were trained, to 4 frames of 64 pixels.", Assert.Single(_log));
    }

    [Fact]
    public void What_the_user_says_of_the_positions_stays()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()));
        var asked = TinyModels.Config with { Frames = 4, PositionFrames = 4, PositionImageSize = 32 };
        Assert.Equal(asked, Configured(new MofoFinetuningOptions { InitialWeights = _folder, Model = asked }).Model);
    }

    [Fact]
    public void A_file_that_tells_no_clips_leaves_positions_alone_and_the_log_says_what_to_do()
    {
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "model", CheckpointFiles.Pretraining());
        Assert.Equal(TinyModels.Config, Configured(new MofoFinetuningOptions { InitialWeights = path, Model = TinyModels.Config }).Model);
        Assert.Contains("do not contain the size of the clips that they were trained on; positions are those of 8 frames of 32 pixels. Where they were trained at others, set Model.PositionFrames and Model.PositionImageSize.", Assert.Single(_log));
    }

    [Theory]
    [InlineData(8, 32)] // as they are
    [InlineData(4, 32)]
    [InlineData(8, 64)]
    public void Learned_positions_are_taken_and_interpolated(int frames, int imageSize)
    {
        var tensors = CheckpointFiles.Classifier();
        var learned = Enumerable.Range(0, TinyModels.Config.Tokens * 24).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        var path = CheckpointFiles.WriteTorch(
            Path.Combine(_folder, "vit.pth"), "model", [WeightTensor.FromMemory("pos_embed", WeightType.Float32, [1, TinyModels.Config.Tokens, 24], TorchFiles.Bytes(learned)), .. tensors]);
        var asked = TinyModels.Config with { Frames = frames, ImageSize = imageSize };

        // 16 tokens are 16 frames in no square of patches, and 224 pixels have more: the size that is asked for decides between the rest.
        var model = InitialWeights.SizeFor(path, asked with { PositionFrames = 8, PositionImageSize = 32 }, "options", needsDecoder: false, _log.Add);
        Assert.Equal(TokenPositions.Stored, model.Positions);

        using var scope = NewDisposeScope();
        var module = new VideoClassifier(model, new ClassifierShape(3, MotionFusion.None), new Generator(1));
        Assert.Contains("pos_embed", InitialWeights.Load(path, module, model, WeightUse.Encoder).Loaded);
        var expected = GridInterpolation.Resize(Array.ConvertAll(learned, v => (double)v), 24, TinyModels.Config.TokenGrid, model.TokenGrid);
        Assert.Equal(expected.Select(v => (float)v), module.get_buffer("pos_embed")!.data<float>().ToArray());
    }

    [Fact]
    public void A_network_with_stored_positions_adds_them()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var plain = TinyModels.Classifier(MotionFusion.None);
        var stored = new VideoClassifier(TinyModels.Config with { Positions = TokenPositions.Stored }, new ClassifierShape(3, MotionFusion.None), new Generator(1));
        var table = SinusoidPositions.Values(TinyModels.Config.TokenGrid, TinyModels.Config.TokenGrid, 24);
        using var set = ModuleWeights.Export(plain, "plain");
        ModuleWeights.Import(stored, new WeightSet("both", [.. set, WeightTensor.FromMemory("pos_embed", WeightType.Float32, [1, TinyModels.Config.Tokens, 24], TorchFiles.Bytes(table))]));
        var clips = SeenClips.Of(TinyModels.Pixels(2), ClipInput.Pixels);
        Assert.Equal(GoldenModels.Values(plain.Features(clips, null)), GoldenModels.Values(stored.Features(clips, null)));
        Assert.DoesNotContain("pos_embed", stored.named_parameters().Select(p => p.name)); // they do not learn
    }

    [Fact]
    public void Stored_positions_without_weights_to_take_them_from_are_refused()
    {
        var error = Assert.Throws<MofoOptionsException>(() => InputCompatibility.RequireComputedPositions(TinyModels.Config with { Positions = TokenPositions.Stored }, "options"));
        Assert.Equal(["Model.Positions is Stored, but there are no weights to take the positions from; set InitialWeights."], error.Problems);
    }

    [Fact]
    public void Heads_that_contradict_the_folder_are_refused()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()));
        var error = Assert.Throws<MofoOptionsException>(() => Configured(new MofoFinetuningOptions { InitialWeights = _folder, Model = TinyModels.Config with { Heads = 3 } }));
        Assert.Equal([$"Model.Heads is 3; the settings beside the weights of {_folder} say 2."], error.Problems);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // the network then has the size of the weights
    public void Another_mean_of_the_pixels_is_warned_of(bool asked)
    {
        var preprocessor = HuggingFaceFolders.Preprocessor();
        preprocessor["image_mean"] = new JsonArray(0.5, 0.5, 0.5);
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()), preprocessor: preprocessor);
        var options = new MofoFinetuningOptions { InitialWeights = _folder };
        if (asked)
        {
            options.Model = TinyModels.Config;
        }

        var warnings = new List<string>();
        StartingSize.Take(options, needsDecoder: false, _log.Add, warnings.Add);
        Assert.Contains("another mean and deviation of the pixels", Assert.Single(warnings));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pretraining_from_a_file_without_a_decoder_is_refused_with_that_reason(bool asked)
    {
        var size = TinyModels.Config with { EmbedDim = 64, Heads = 1 };
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "model", CheckpointFiles.Classifier(config: size));
        if (!asked)
        {
            var unsized = new MofoPretrainingOptions { InitialWeights = path };
            Assert.Contains("found a network without a decoder", Assert.Throws<WeightFileException>(() => StartingSize.Take(unsized, needsDecoder: true, _log.Add)).Message);
            return;
        }

        var report = MofoWeights.CheckForPretraining(path, size);
        Assert.Contains("mask_token", report.Missing);
        Assert.Contains("The file has no decoder, which pretraining needs", Assert.Single(report.Remarks));
    }

    [Fact]
    public void A_decoder_whose_heads_nothing_tells_needs_a_size()
    {
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "odd.pth"), "model", CheckpointFiles.Pretraining(TinyModels.Config with { EmbedDim = 64, Heads = 1 }));
        var error = Assert.Throws<MofoOptionsException>(() => StartingSize.Take(new MofoPretrainingOptions { InitialWeights = path }, needsDecoder: true, _log.Add));
        Assert.Contains("do not contain the number of the decoder's attention heads; set Model", error.Message);
        Assert.Equal(64, Configured(new MofoFinetuningOptions { InitialWeights = path }).Model.EmbedDim);
    }

    [Fact]
    public void Weights_that_this_library_wrote_tell_their_whole_size()
    {
        var size = TinyModels.Config with { Input = ClipInput.Changes, Positions = TokenPositions.PerAxis };
        using var set = new WeightSet("model", CheckpointFiles.Classifier(config: size));
        var path = Path.Combine(_folder, "own.safetensors");
        WeightFiles.Save(path, set, size);
        Assert.Equal(size, Configured(new MofoFinetuningOptions { InitialWeights = path }).Model);
        Assert.Equal(size, MofoWeights.Describe(path).Model);
        var error = Assert.Throws<MofoOptionsException>(() => Configured(new MofoFinetuningOptions { InitialWeights = path, Model = TinyModels.Config }));
        Assert.Contains("Model.Input is Pixels; the weights of", error.Message);
    }

    [Fact]
    public void The_trainer_takes_the_size_when_it_is_made()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()));
        var ml = new MLContext();
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        _ = ml.MulticlassClassification.Trainers.MofoFinetune(new MofoFinetuningOptions { InitialWeights = _folder, FrozenBlocks = 2, Frozen = FrozenLayers.FirstBlocks });
        Assert.Contains(messages, message => message.Contains("2 blocks of width 24", StringComparison.Ordinal));
        var error = Assert.Throws<MofoOptionsException>(() => ml.MulticlassClassification.Trainers.MofoFinetune(new MofoFinetuningOptions { InitialWeights = _folder, FrozenBlocks = 3 }));
        Assert.Contains("FrozenBlocks is 3; it must be in [0, 2].", error.Message);
    }

    private static LoadReport Load(string path, VitConfig model, int classes)
    {
        using var module = new VideoClassifier(model, new ClassifierShape(classes, MotionFusion.None), new Generator(1));
        return InitialWeights.Load(path, module, model, WeightUse.Encoder);
    }

    private MofoFinetuningOptions Configured(MofoFinetuningOptions options)
    {
        StartingSize.Take(options, needsDecoder: false, _log.Add);
        return options;
    }
}
