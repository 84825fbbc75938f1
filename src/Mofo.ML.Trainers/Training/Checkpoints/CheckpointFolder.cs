using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>The checkpoints of one training in one folder: writes them, keeps the last few, finds the newest that is whole.</summary>
/// <remarks>The folder is locked against a second training until this object is disposed or its process ends.</remarks>
internal sealed class CheckpointFolder : IDisposable
{
    private const string Pattern = "checkpoint-*.safetensors";
    private const string Damaged = ".damaged";
    private const string LockName = "training.lock";

    private readonly string _folder;
    private readonly int _keep;
    private readonly FileStream _lock;

    /// <summary>Makes the folder where there is none and proves that it can be written to, before any training starts.</summary>
    /// <param name="folder">Path; made when absent.</param>
    /// <param name="keep">How many checkpoints stay, the newest; at least 1. With 2 or more, a damaged one costs no more than one interval.</param>
    /// <exception cref="CheckpointException">The folder cannot be written to, or another training uses it.</exception>
    public CheckpointFolder(string folder, int keep = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        _folder = folder;
        _keep = keep;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, Invariant($"checkpoint-{Environment.ProcessId}.probe"));
            using (var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                stream.WriteByte(0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(folder, $"it cannot be written to ({e.Message.TrimEnd('.')}). Choose another folder or leave CheckpointFolder empty.", e);
        }

        _lock = Lock();
        RemoveLeftovers();
    }

    /// <summary>Makes sure that the disk can hold what this training will write, before it starts.</summary>
    /// <param name="bytes">Size of one checkpoint.</param>
    /// <exception cref="CheckpointException">There is not enough room.</exception>
    public void CheckRoom(long bytes)
    {
        // Old ones go only after the new one is whole, so one more than is kept lies there for a moment.
        var needed = bytes * Math.Max(1, _keep + 1 - NewestFirst().Count);
        var free = FreeSpace();
        if (free < needed)
        {
            throw new CheckpointException(
                _folder, Invariant($"{_keep} checkpoints and the one being written need {needed >> 20} MiB, and its disk has {free >> 20} MiB left. Free some, keep fewer, or choose another folder."));
        }
    }

    /// <summary>Writes a checkpoint; only once it is on the disk do older ones go.</summary>
    public void Save(CheckpointState state, IEnumerable<WeightTensor> tensors)
    {
        var path = Path.Combine(_folder, Invariant($"checkpoint-{state.Epoch:D6}-{state.Step:D10}.safetensors"));
        CheckpointFile.Write(path, state, [.. tensors]);
        foreach (var old in NewestFirst().Where(file => file != path).Skip(_keep - 1))
        {
            File.Delete(old);
        }
    }

    /// <summary>The newest checkpoint that is whole; null in a folder without any.</summary>
    /// <param name="configuration">What this training is; see <see cref="CheckpointState.Configuration"/>.</param>
    /// <param name="warn">Called for every damaged checkpoint, which is renamed to <c>.damaged</c> and skipped.</param>
    /// <exception cref="CheckpointException">The checkpoint is of another configuration, or all are damaged, were it at an earlier start.</exception>
    public Checkpoint? OpenNewest(IReadOnlyDictionary<string, string> configuration, Action<string> warn)
    {
        var files = NewestFirst();
        foreach (var file in files)
        {
            var checkpoint = TryOpen(file, warn);
            if (checkpoint is null)
            {
                continue;
            }

            var differences = checkpoint.State.DifferencesTo(configuration);
            if (differences.Count == 0)
            {
                return checkpoint;
            }

            checkpoint.Dispose();
            throw new CheckpointException(_folder, $"{Path.GetFileName(file)} is of another training: {string.Join("; ", differences)}. Restore these, or choose an empty folder.");
        }

        // Also those that an earlier start renamed.
        var damaged = Directory.EnumerateFiles(_folder, Pattern + Damaged).Count();
        return damaged == 0
            ? null
            : throw new CheckpointException(_folder, Invariant($"all {damaged} checkpoints in it are damaged. Training does not start again from the beginning by itself; choose an empty folder for that, or remove the files that end in {Damaged}."));
    }

    public void Dispose() => _lock.Dispose();

    private static Checkpoint? TryOpen(string file, Action<string> warn)
    {
        try
        {
            return CheckpointFile.Open(file);
        }
        catch (WeightFileException e)
        {
            File.Move(file, file + Damaged, overwrite: true);
            warn($"A damaged checkpoint is skipped and kept as '{file}{Damaged}'. {e.Message}");
            return null;
        }
    }

    private long FreeSpace()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(_folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue; // some file systems (network, overlays) do not say; a full disk is then found when writing
        }
    }

    /// <summary>Names sort as the training went: epoch, then step.</summary>
    private List<string> NewestFirst() => [.. Directory.EnumerateFiles(_folder, Pattern).OrderDescending(StringComparer.Ordinal)];

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new CheckpointException(_folder, "another training is using it. Give each training a folder of its own.", e);
        }
    }

    /// <summary>What a process that was killed while writing left behind.</summary>
    private void RemoveLeftovers()
    {
        foreach (var partial in Directory.EnumerateFiles(_folder, Pattern + ".*.partial"))
        {
            File.Delete(partial);
        }
    }
}
