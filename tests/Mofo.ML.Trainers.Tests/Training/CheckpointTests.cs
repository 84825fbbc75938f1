using System.Collections.Immutable;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> Configuration =
        ImmutableSortedDictionary.CreateRange<string, string>([new("Epochs", "10"), new("MaskRatio", "0.9")]);

    private readonly string _root = Directory.CreateTempSubdirectory("mofo-checkpoint-").FullName;

    private string FolderPath => Path.Combine(_root, "run");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Everything_that_was_saved_comes_back()
    {
        using var model = nn.Linear(3, 2);
        using var folder = new CheckpointFolder(FolderPath);
        var state = At(epoch: 2, step: 30) with { PositionInEpoch = 5, Numbers = ImmutableSortedDictionary.CreateRange<string, double>([new("best", double.PositiveInfinity), new("loss", 0.1)]) };
        using var moment = ones(2, dtype: ScalarType.BFloat16);
        folder.Save(state, [.. Checkpoint.Group("model", Named(model)), .. Checkpoint.Group("optimizer", [("exp_avg.bias", moment)])]);
        using var other = nn.Linear(3, 2);
        using var otherMoment = zeros(2, dtype: ScalarType.BFloat16);

        using var checkpoint = folder.OpenNewest(Configuration, Fail)!;
        checkpoint.Restore("model", Named(other));
        checkpoint.Restore("optimizer", [("exp_avg.bias", otherMoment)]);

        Assert.Equal(state.ToJson(), checkpoint.State.ToJson());
        Assert.Equal(model.weight!.data<float>().ToArray(), other.weight!.data<float>().ToArray());
        Assert.Equal(model.bias!.data<float>().ToArray(), other.bias!.data<float>().ToArray());
        Assert.Equal([1f, 1], otherMoment.to_type(ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void The_last_few_are_kept_and_the_newest_is_opened()
    {
        using var folder = new CheckpointFolder(FolderPath, keep: 3);
        for (var epoch = 1; epoch <= 12; epoch++)
        {
            folder.Save(At(epoch, epoch * 100), [Vector(epoch)]);
        }

        Assert.Equal(["checkpoint-000010-0000001000.safetensors", "checkpoint-000011-0000001100.safetensors", "checkpoint-000012-0000001200.safetensors"], Files());
        using var newest = folder.OpenNewest(Configuration, Fail)!;
        Assert.Equal(12, newest.State.Epoch);
    }

    [Fact]
    public void An_empty_folder_has_none_and_leaves_nothing_behind()
    {
        using (var folder = new CheckpointFolder(FolderPath))
        {
            Assert.Null(folder.OpenNewest(Configuration, Fail));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(FolderPath));
    }

    [Theory]
    [InlineData(-1)] // the last value of a tensor
    [InlineData(200)] // in the state
    [InlineData(40)] // in the checksum itself
    [InlineData(0)] // in the header length
    public void A_changed_bit_anywhere_sends_us_back_to_the_checkpoint_before(int position)
    {
        using var folder = new CheckpointFolder(FolderPath);
        folder.Save(At(1, 10), [Vector(1)]);
        folder.Save(At(2, 20), [Vector(2)]);
        var newest = Path.Combine(FolderPath, Files()[^1]);
        var bytes = File.ReadAllBytes(newest);
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        File.WriteAllBytes(newest, bytes);
        var warnings = new List<string>();

        using (var checkpoint = folder.OpenNewest(Configuration, warnings.Add)!)
        {
            Assert.Equal(1, checkpoint.State.Epoch);
            Assert.Equal(BitConverter.GetBytes(1f), checkpoint.Tensors["model.w"].ToArray());
        }

        Assert.Contains($"A damaged checkpoint is skipped and kept as '{newest}.damaged'.", Assert.Single(warnings));
        folder.Save(At(2, 20), [Vector(3)]);
        using var again = folder.OpenNewest(Configuration, Fail)!;
        Assert.Equal(BitConverter.GetBytes(3f), again.Tensors["model.w"].ToArray());
    }

    [Fact]
    public void A_truncated_checkpoint_sends_us_back_to_the_one_before()
    {
        using var folder = new CheckpointFolder(FolderPath);
        folder.Save(At(1, 10), [Vector(1)]);
        folder.Save(At(2, 20), [Vector(2)]);
        var newest = Path.Combine(FolderPath, Files()[^1]);
        foreach (var length in new[] { 300, 20, 0 })
        {
            File.WriteAllBytes(newest, File.ReadAllBytes(Path.Combine(FolderPath, Files()[0]))[..length]);
            using var checkpoint = folder.OpenNewest(Configuration, _ => { })!;
            Assert.Equal(1, checkpoint.State.Epoch);
        }
    }

    [Fact]
    public void When_all_are_damaged_training_does_not_silently_start_again()
    {
        using var folder = new CheckpointFolder(FolderPath);
        folder.Save(At(1, 10), [Vector(1)]);
        File.WriteAllBytes(Path.Combine(FolderPath, Files()[0]), [1, 2, 3]);
        Assert.Contains("all 1 checkpoints in it are damaged", Assert.Throws<CheckpointException>(() => folder.OpenNewest(Configuration, _ => { })).Message);
    }

    [Fact]
    public void When_all_were_damaged_at_an_earlier_start_training_does_not_silently_start_again_either()
    {
        using (var folder = new CheckpointFolder(FolderPath))
        {
            folder.Save(At(1, 10), [Vector(1)]);
            folder.Save(At(2, 20), [Vector(1)]);
            Assert.All(Files(), file => File.WriteAllBytes(Path.Combine(FolderPath, file), [1, 2, 3]));
            Assert.Throws<CheckpointException>(() => folder.OpenNewest(Configuration, _ => { }));
        }

        using var next = new CheckpointFolder(FolderPath);
        Assert.Contains("all 2 checkpoints in it are damaged", Assert.Throws<CheckpointException>(() => next.OpenNewest(Configuration, Fail)).Message);

        // What the message says helps.
        Assert.All(Directory.GetFiles(FolderPath, "*.damaged"), File.Delete);
        Assert.Null(next.OpenNewest(Configuration, Fail));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_neither_read_nor_kept()
    {
        using (var folder = new CheckpointFolder(FolderPath))
        {
            folder.Save(At(1, 10), [Vector(1)]);
        }

        var half = File.ReadAllBytes(Path.Combine(FolderPath, Files()[0]))[..250];
        File.WriteAllBytes(Path.Combine(FolderPath, "checkpoint-000002-0000000020.safetensors.4242-7.partial"), half);

        using var resumed = new CheckpointFolder(FolderPath);
        using var checkpoint = resumed.OpenNewest(Configuration, Fail)!;
        Assert.Equal(1, checkpoint.State.Epoch);
        Assert.Equal(["checkpoint-000001-0000000010.safetensors"], Files());
    }

    [Fact]
    public void A_save_that_fails_half_way_leaves_the_older_checkpoint_alone()
    {
        using var folder = new CheckpointFolder(FolderPath, keep: 1);
        folder.Save(At(1, 10), [Vector(1)]);
        var broken = new WeightTensor("model.x", WeightType.Float32, [1], _ => throw new IOException("No space left on device"));

        Assert.Throws<IOException>(() => folder.Save(At(2, 20), [Vector(2), broken]));

        Assert.Equal(["checkpoint-000001-0000000010.safetensors"], Files());
        using var checkpoint = folder.OpenNewest(Configuration, Fail)!;
        Assert.Equal(1, checkpoint.State.Epoch);
    }

    [Fact]
    public void A_checkpoint_of_another_configuration_is_refused_naming_the_differences()
    {
        using var folder = new CheckpointFolder(FolderPath);
        folder.Save(At(1, 10), [Vector(1)]);
        var other = Configuration.SetItem("MaskRatio", "0.75").Remove("Epochs").Add("Frames", "16");
        var e = Assert.Throws<CheckpointException>(() => folder.OpenNewest(other, Fail));
        Assert.Equal(
            $"Checkpoint folder '{FolderPath}' cannot be used: checkpoint-000001-0000000010.safetensors is of another training: "
            + "Epochs was 10 and is absent; Frames was absent and is 16; MaskRatio was 0.9 and is 0.75. Restore these, or choose an empty folder.",
            e.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_version_is_refused_and_not_called_damaged()
    {
        using var folder = new CheckpointFolder(FolderPath);
        folder.Save(At(1, 10) with { Format = CheckpointState.CurrentFormat + 1 }, [Vector(1)]);
        Assert.Contains("it has format 3, this version reads format 2", Assert.Throws<CheckpointException>(() => folder.OpenNewest(Configuration, Fail)).Message);
        Assert.Single(Files());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused_before_training()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var e = Assert.Throws<CheckpointException>(() => new CheckpointFolder(Path.Combine(file, "run")));
        Assert.StartsWith($"Checkpoint folder '{Path.Combine(file, "run")}' cannot be used: it cannot be written to (", e.Message);
    }

    [Fact]
    public void Two_trainings_cannot_share_a_folder()
    {
        using (new CheckpointFolder(FolderPath))
        {
            Assert.Contains("another training is using it", Assert.Throws<CheckpointException>(() => new CheckpointFolder(FolderPath)).Message);
        }

        new CheckpointFolder(FolderPath).Dispose();
    }

    [Fact]
    public void Restoring_into_something_else_names_the_tensor_and_changes_nothing()
    {
        using var folder = new CheckpointFolder(FolderPath);
        using var model = nn.Linear(3, 2);
        folder.Save(At(1, 10), Checkpoint.Group("model", Named(model)));
        using var checkpoint = folder.OpenNewest(Configuration, Fail)!;
        using var bias = zeros(2);
        using var narrow = zeros(2, 2);
        using var weight = zeros(2, 3);

        Assert.Equal("model.weight", Assert.Throws<WeightFileException>(() => checkpoint.Restore("model", [("bias", bias), ("weight", narrow)])).Tensor);
        Assert.Equal("model.scale", Assert.Throws<WeightFileException>(() => checkpoint.Restore("model", [("bias", bias), ("weight", weight), ("scale", bias)])).Tensor);
        Assert.Contains("1 tensors that this training has no place for", Assert.Throws<WeightFileException>(() => checkpoint.Restore("model", [("bias", bias)])).Message);
        Assert.Equal([0f, 0], bias.data<float>().ToArray());
    }

    [Fact]
    public void A_checkpoint_gives_its_model_as_initial_weights()
    {
        using var folder = new CheckpointFolder(FolderPath);
        using var model = nn.Linear(3, 2);
        using var moment = zeros(2);
        folder.Save(At(1, 10), [.. Checkpoint.Group("model", Named(model)), .. Checkpoint.Group("optimizer", [("bias", moment)])]);
        using var set = WeightFiles.Open(Path.Combine(FolderPath, Files()[0]));
        Assert.Equal(["weight", "bias"], set.Names);
    }

    private static CheckpointState At(int epoch, long step) => new() { Epoch = epoch, Step = step, Configuration = Configuration };

    private static IEnumerable<(string Name, Tensor Value)> Named(nn.Module module) => module.state_dict().Select(pair => (pair.Key, pair.Value));

    private static WeightTensor Vector(float value) => WeightTensor.FromMemory("model.w", WeightType.Float32, [1], BitConverter.GetBytes(value));

    private static void Fail(string warning) => Assert.Fail(warning);

    private string[] Files() => [.. Directory.EnumerateFiles(FolderPath, "checkpoint-*").Select(f => Path.GetFileName(f)).Where(f => !f.EndsWith(".damaged")).Order(StringComparer.Ordinal)];
}
