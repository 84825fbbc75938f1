using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Training;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

/// <summary>Files that the library writes itself say what their network sees and how it knows positions, so that they are not taken for another one.</summary>
public sealed class OwnSizeTests : IDisposable
{
    private static readonly VitConfig Size = TinyModels.Config with { Input = ClipInput.Changes, Positions = TokenPositions.PerAxis };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-size-").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_checkpoint_knows_them()
    {
        var options = TinyTraining.Options(Path.Combine(_folder, "checkpoints"));
        options.Model = Size;
        _ = new TinyTraining().Run(options);
        Knows(Assert.Single(Directory.GetFiles(options.CheckpointFolder!, "*.safetensors")), withDecoder: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_converted_model_knows_them(bool huggingFace)
    {
        var (zip, converted) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "model.safetensors"));
        Save(zip);
        Assert.True((huggingFace ? MofoWeights.ConvertToHuggingFace(zip, converted) : MofoWeights.Convert(zip, converted)) > 10);
        Knows(converted, withDecoder: !huggingFace);
    }

    [Fact]
    public void A_converted_checkpoint_knows_them()
    {
        var options = TinyTraining.Options(Path.Combine(_folder, "checkpoints"));
        options.Model = Size;
        _ = new TinyTraining().Run(options);
        var converted = Path.Combine(_folder, "weights.safetensors");
        _ = MofoWeights.Convert(Assert.Single(Directory.GetFiles(options.CheckpointFolder!, "*.safetensors")), converted);
        Knows(converted, withDecoder: true);
    }

    private static void Knows(string file, bool withDecoder)
    {
        Assert.Equal(Size, MofoWeights.SizeOf(file));
        Assert.Equal(Size, MofoWeights.SizeOf(file, withDecoder));
        var ml = new MLContext();
        _ = ml.MulticlassClassification.Trainers.MofoFinetune(new MofoFinetuningOptions { InitialWeights = file, Model = Size });
        Assert.Contains("Model.Input is Pixels; the weights of ", Refused(Size with { Input = ClipInput.Pixels }), StringComparison.Ordinal);
        Assert.Contains("were trained with PerAxis, so it must be PerAxis too", Refused(Size with { Positions = TokenPositions.Sequence }), StringComparison.Ordinal);

        string Refused(VitConfig asked) =>
            Assert.Throws<MofoOptionsException>(() => ml.MulticlassClassification.Trainers.MofoFinetune(new MofoFinetuningOptions { InitialWeights = file, Model = asked })).Message;
    }

    private static void Save(string path)
    {
        var ml = new MLContext(1);
        var options = new MofoPretrainingOptions { Model = Size, Precision = Precision.Float32 };
        using var model = new MofoPretrainedTransformer(ml, "Features", new VideoInputs("VideoPath", "MotionBoxes"), options, new MaskedAutoencoder(Size, new Generator(1)), CPU);
        ml.Model.Save(model, ml.Data.LoadFromEnumerable([new Row("v.mp4", [0, 0, 1, 1])]).Schema, path);
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes);
}
