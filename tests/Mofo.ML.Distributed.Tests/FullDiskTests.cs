using Mofo.ML.Reliability.Disks;

namespace Mofo.ML.Distributed.Tests;

/// <summary>A disk that is full on one process: all stop with a message that names it, or go on with a warning, and nothing is lost.</summary>
public sealed class FullDiskTests(TrainingClips clips) : IClassFixture<TrainingClips>
{
    private const int Kilobytes = 64; // less than the model and than a checkpoint

    [Fact]
    public void A_process_that_cannot_write_its_result_stops_all_with_one_message()
    {
        MpiRun.Require();
        using var disk = Mount("disk-of-1");
        var result = MpiRun.Run(2, "train", "stage=pretraining", $"list={clips.List}", "epochs=1", $"out={clips.In("whole")}", $"out1={disk.Path}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches($"Mofo.ML: rank 1 of 2 on {Environment.MachineName} .* stopped: .*No space left on device", Assert.Single(MpiRun.Messages(result)));
        Assert.Empty(Directory.EnumerateFiles(disk.Path)); // nothing half-written
    }

    [Fact]
    public void A_disk_without_room_for_a_checkpoint_stops_all_before_training_begins()
    {
        MpiRun.Require();
        using var disk = Mount("disk-of-0");
        var result = MpiRun.Run(2, "train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("never")}", $"checkpoints={disk.Path}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches($"Mofo.ML: rank 0 of 2 on {Environment.MachineName} .* stopped: .*CheckpointException", Assert.Single(MpiRun.Messages(result)));
        Assert.DoesNotContain("step 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_fills_up_while_all_train_costs_checkpoints_and_not_the_run()
    {
        MpiRun.Require();
        using var disk = Mount("filling", megabytes: 64);
        string[] own = ["train", "stage=finetuning", $"list={clips.List}", "epochs=20", $"out={clips.In("filled")}", $"checkpoints={disk.Path}"]; // Many steps are left when the disk is full, however busy the machine is.
        var isFull = false;
        var result = MpiRun.Watch(2, own, (line, _) =>
        {
            // At every step from the fourth on: an old checkpoint that is deleted just after the disk was filled makes room for the next one.
            isFull |= line == "step 4";
            if (isFull && line.StartsWith("step ", StringComparison.Ordinal))
            {
                Fill(disk);
            }
        });
        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("rank 0 warns: No checkpoint was written at step", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("rank 1 warns: No checkpoint", result.Output, StringComparison.Ordinal);

        // The checkpoint before is whole: a run with room goes on from it.
        File.Delete(Path.Combine(disk.Path, "filler"));
        var rest = MpiRun.Run(2, own);
        Assert.True(rest.ExitCode == 0, rest.All);
        Assert.DoesNotContain("step 1\n", rest.Output, StringComparison.Ordinal);
        Assert.Contains("step ", rest.Output, StringComparison.Ordinal);
    }

    private static void Fill(TinyDisk disk)
    {
        try
        {
            disk.FillUpTo(free: 0);
        }
        catch (IOException)
        {
            // A checkpoint took some of the room meanwhile: the disk is full all the same.
        }
    }

    private TinyDisk Mount(string name, int megabytes = 0)
    {
        var disk = TinyDisk.TryMount(clips.In(name), megabytes > 0 ? megabytes * 1024 : Kilobytes, out var reason);
        Assert.SkipWhen(disk is null, reason);
        return disk!;
    }
}
