using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>What a trained model was is kept in its file, and held to when its weights are used again.</summary>
public sealed partial class FinetuningTests
{
    [Fact]
    public void Positions_stretched_from_another_size_are_kept_in_the_model_file()
    {
        var boxes = Boxes();
        using var start = Trainer(TrainedPipeline.Finetuning()).Fit(boxes);
        var (small, large) = (pipeline.Scratch("small.zip"), pipeline.Scratch("large.zip"));
        _ml.Model.Save(start, boxes.Schema, small);
        var options = TrainedPipeline.Finetuning();
        var (size, frames) = (options.Model.ImageSize, options.Model.Frames);
        options.Model = options.Model with { ImageSize = 48, Frames = 12, PositionImageSize = size, PositionFrames = frames };
        options.InitialWeights = small;
        using var model = Trainer(options).Fit(boxes);
        _ml.Model.Save(model, boxes.Schema, large);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(large, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        // Without the two options the saved model says at which size its weights were trained.
        options.Model = options.Model with { PositionImageSize = null, PositionFrames = null };
        using var told = Trainer(options).Fit(boxes);
        Assert.Equal(Scores(model, boxes)[0], Scores(told, boxes)[0]);

        // The same weights at positions of their own score otherwise.
        options.Model = options.Model with { PositionImageSize = 48, PositionFrames = 12 };
        using var elsewhere = Trainer(options).Fit(boxes);
        Assert.NotEqual(Scores(model, boxes)[0], Scores(elsewhere, boxes)[0]);
    }

    [Fact]
    public void What_the_network_sees_is_kept_in_the_model_file()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        options.Model = options.Model with { Input = ClipInput.Changes };
        options.UsePretrained = false;
        using var model = Trainer(options).Fit(boxes);
        var path = pipeline.Scratch("changes.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        // The shapes fit a network on pixels; the weights mean nothing there.
        (options.Model, options.InitialWeights) = (options.Model with { Input = ClipInput.Pixels }, path);
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"Model.Input is Pixels; the weights of {path} were trained on Changes", error.Message, StringComparison.Ordinal);
        options.Model = options.Model with { Positions = TokenPositions.PerAxis };
        error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"Model.Positions is PerAxis; the weights of {path} were trained with Sequence", error.Message, StringComparison.Ordinal);
        // So does the file that it was converted to.
        var converted = pipeline.Scratch("changes.safetensors");
        Assert.True(MofoWeights.Convert(path, converted) > 0);
        options.InitialWeights = converted;
        error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"the weights of {converted} were trained on Changes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the weights of {converted} were trained with Sequence", error.Message, StringComparison.Ordinal);

        options.Model = options.Model with { Positions = TokenPositions.Sequence };
        error = Assert.Throws<MofoOptionsException>(() => MofoWeights.ConvertClassifierToOnnx(path, pipeline.Scratch("pixels.onnx"), options, loaded.ClassLabels));
        Assert.Contains("were trained on Changes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_with_motion_energy_masks_difference_targets_attentive_pooling_and_colour_jitter_is_kept_in_the_model_file()
    {
        var boxes = Boxes();
        var pretraining = TrainedPipeline.Pretraining();
        (pretraining.MotionTemperature, pretraining.MaskingMotion) = (0.3, MaskingMotion.FrameDifferences);
        pretraining.MaskRatio = MofoPretrainingOptions.SuitedMaskRatio(pretraining.Model);
        pretraining.ReconstructionTarget = ReconstructionTarget.PixelsAndDifferences;
        var finetuning = TrainedPipeline.Finetuning();
        (finetuning.Fusion, finetuning.ColorJitter, finetuning.GrayProbability) = (MotionFusion.AttentivePooling, 0.4, 0.2);
        using var model = _ml.Transforms.PretrainMofo(pretraining).Append(Trainer(finetuning)).Fit(boxes);
        var path = pipeline.Scratch("levers.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes));

        var video = boxes.GetColumn<string>("VideoPath").First();
        var (before, after) = (Rebuilt(model), Rebuilt(loaded));
        Assert.Equal(before.Rebuilt[3], after.Rebuilt[3]);
        Assert.NotEqual(before.Original[3], before.Rebuilt[3]);
        Assert.Equal(0.5, before.MaskedShare);

        Reconstruction Rebuilt(IEnumerable<ITransformer> chain) => chain.OfType<MofoPretrainedTransformer>().Single().Reconstruct(video, seed: 4);
    }

    [Fact]
    public void A_checkpoint_as_initial_weights_is_held_to_what_its_network_saw()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        options.Model = options.Model with { Input = ClipInput.Changes, Positions = TokenPositions.PerAxis };
        (options.UsePretrained, options.CheckpointFolder) = (false, pipeline.Scratch("checkpoints"));
        Trainer(options).Fit(boxes).Dispose();
        var checkpoint = Directory.GetFiles(options.CheckpointFolder, "checkpoint-*.safetensors").Single();

        (options.InitialWeights, options.CheckpointFolder) = (checkpoint, null);
        Trainer(options).Fit(boxes).Dispose();
        options.Model = options.Model with { Input = ClipInput.Pixels, Positions = TokenPositions.Sequence };
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(options).Fit(boxes));
        Assert.Contains($"the weights of {checkpoint} were trained on Changes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the weights of {checkpoint} were trained with PerAxis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_released_soft_attention_is_kept_in_the_model_file_and_scores_plain_means()
    {
        var boxes = Boxes();
        var options = TrainedPipeline.Finetuning();
        (options.Fusion, options.ReleasedSoftAttention) = (MotionFusion.SoftAttention, true);
        (options.ValidationSet, options.Patience) = (boxes, 3); // a saved model does not carry the set that its patience needs, and must load all the same
        using var model = Trainer(options).Fit(boxes);
        using (TorchSharp.torch.no_grad())
        {
            // Scores that would attend strongly: the released arithmetic must not see them, in this process and after loading.
            model.Model.state_dict()["soft_att_local.weight"].fill_(5);
        }

        var path = pipeline.Scratch("released.zip");
        _ml.Model.Save(model, boxes.Schema, path);
        using var loaded = (MofoClassificationTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-6));
        using (TorchSharp.torch.no_grad())
        {
            loaded.Model.state_dict()["soft_att_local.weight"].fill_(-5);
        }

        Assert.Equal(Scores(model, boxes), Scores(loaded, boxes), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-6));
    }
}
