using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class MmAction2Tests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-mmaction2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_checkpoint_of_MMAction2_is_complete_and_every_tensor_keeps_its_values()
    {
        var classifier = CheckpointFiles.Classifier();
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "state_dict", CheckpointFiles.AsMmAction2(classifier));

        var report = MofoWeights.CheckForFinetuning(path, TinyModels.Config, classes: 3, MotionFusion.None);

        Assert.True(report.IsComplete, report.ToString());
        Assert.Empty(report.LeftAtInitialValues);
        Assert.Equal(["backbone.pos_embed"], report.Ignored);
        using var source = WeightFiles.Open(path);
        using var original = ParameterNames.ToOriginal(source);
        Assert.All(classifier, tensor => Assert.Equal(tensor.ToArray(), original[tensor.Name].ToArray()));
    }

    [Fact]
    public void A_head_for_other_classes_is_left_out_and_the_report_says_so()
    {
        var path = CheckpointFiles.WriteSafetensors(Path.Combine(_folder, "vit.safetensors"), CheckpointFiles.AsMmAction2(CheckpointFiles.Classifier(classes: 7)));
        var report = MofoWeights.CheckForFinetuning(path, TinyModels.Config, classes: 5, MotionFusion.None);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Contains("cls_head.fc_cls.weight", report.Ignored);
        Assert.Contains("The head for 7 classes was left out; the model's head for 5 classes starts from its initial values.", report.ToString());
    }

    [Fact]
    public void Learned_positions_are_loaded_as_they_are()
    {
        var tensors = CheckpointFiles.AsMmAction2(CheckpointFiles.Classifier());
        var learned = WeightTensor.FromMemory("backbone.pos_embed", WeightType.Float32, tensors[0].Shape.AsSpan(), TorchFiles.Bytes([.. TorchFiles.Singles(tensors[0]).Select(v => v + 0.1f)]));
        var path = CheckpointFiles.WriteSafetensors(Path.Combine(_folder, "vit.safetensors"), [learned, .. tensors.Skip(1)]);
        var report = MofoWeights.CheckForFinetuning(path, TinyModels.Config, 3, MotionFusion.None);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Contains("pos_embed", report.Loaded);
    }

    [Fact]
    public void The_reported_checkpoint_is_complete_for_finetuning()
    {
        var report = MofoWeights.CheckForFinetuning(SharedCases.PathOf("11-mmaction2-layout/mmaction2_vit_mae.pth"), ReportedSize.Config, classes: 5, MotionFusion.None);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Empty(report.LeftAtInitialValues);
    }
}
