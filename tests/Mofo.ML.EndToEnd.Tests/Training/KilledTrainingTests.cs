using System.IO.Compression;
using ActionRecognition.Rendering;

namespace Mofo.ML.EndToEnd.Tests.Training;

/// <summary>A training that is killed again and again ends in the same weights, bit by bit, as an undisturbed one.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-killed-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("pretraining", new[] { 1, 5 })]
    [InlineData("finetuning", new[] { 3 })]
    [InlineData("averaging", new[] { 4 })]
    public void Killed_at_several_moments_it_ends_in_the_same_bits(string stage, int[] moments)
    {
        RenderedDataSet.Ensure(Path("data"), new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 12 });
        var list = Path("data/train.csv");
        var undisturbed = SecondProcess.Run("train", stage, list, Path("undisturbed"), Path("undisturbed.zip"));
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Errors);

        foreach (var step in moments)
        {
            Assert.True(SecondProcess.KillAt($"step {step}", "train", stage, list, Path("killed"), Path("killed.zip")), $"It never came to step {step}.");
            Assert.False(File.Exists(Path("killed.zip")));
        }

        var last = SecondProcess.Run("train", stage, list, Path("killed"), Path("killed.zip"));
        Assert.True(last.ExitCode == 0, last.Errors);

        // It went on from a checkpoint: the first line is not the first step.
        Assert.DoesNotContain("step 1\n", last.Output);
        Assert.Equal(Weights("undisturbed.zip"), Weights("killed.zip"));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private byte[] Weights(string model)
    {
        using var zip = ZipFile.OpenRead(Path(model));
        using var entry = zip.Entries.Single(e => e.Name == "weights.safetensors").Open();
        using var memory = new MemoryStream();
        entry.CopyTo(memory);
        return memory.ToArray();
    }
}
