using System.Collections.Immutable;
using Mofo.ML.Trainers.Training.Loop;
using TorchSharp;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>Puts the parts of a run away when it is time, and brings the newest back.</summary>
/// <param name="folder">Where; already proven writable.</param>
/// <param name="parts">What.</param>
/// <param name="configuration">What must be the same for a run to go on; see <see cref="RunIdentity"/>.</param>
/// <param name="options">How often.</param>
/// <param name="clock">For intervals in minutes.</param>
/// <param name="warn">Called for damaged checkpoints and when the disk is full.</param>
internal sealed class RunCheckpoints(
    CheckpointFolder folder,
    IReadOnlyList<ITrainingPart> parts,
    ImmutableSortedDictionary<string, string> configuration,
    MofoTrainingOptions options,
    TimeProvider clock,
    Action<string> warn)
{
    private const string StoppedEntry = "run.stopped";
    private const string ThreadsEntry = "run.threads";
    private const string RanksEntry = "run.ranks";

    private long _lastAt = clock.GetTimestamp();
    private int _lastEpoch;
    private RunPosition? _saved;

    private int Ranks => options.WorldInForce.Size;

    /// <summary>Restores all parts from the newest whole checkpoint.</summary>
    /// <returns>Where the run goes on; null in an empty folder, with nothing changed.</returns>
    /// <exception cref="CheckpointException">The folder holds another training's, or none that is whole, or has no room for ours.</exception>
    public RunPosition? Resume()
    {
        using var checkpoint = folder.OpenNewest(configuration, warn);
        var position = checkpoint is null ? default(RunPosition?) : Restore(checkpoint);
        folder.CheckRoom(parts.SelectMany(part => part.Tensors).Sum(tensor => tensor.Value.numel() * tensor.Value.element_size()));
        return position;
    }

    /// <summary>Saves when an interval of the options is over, and always at the end of the run.</summary>
    public void SaveWhenDue(RunPosition position, bool isLast = false)
    {
        var epochsDone = position.Taken == 0 && position.Epoch - _lastEpoch >= options.CheckpointEvery;
        var minutesDone = options.CheckpointMinutes is { } minutes && clock.GetElapsedTime(_lastAt).TotalMinutes >= minutes;
        if (isLast || epochsDone || minutesDone)
        {
            Save(position);
        }
    }

    /// <summary>Saves now, unless just this is what was saved last. A disk that refuses costs the checkpoint, not the run.</summary>
    public void Save(RunPosition position)
    {
        if (position == _saved || position == RunPosition.Start)
        {
            return;
        }

        var numbers = parts.SelectMany(part => part.Numbers.Select(number => KeyValuePair.Create($"{part.Name}.{number.Name}", number.Value)))
            .Append(new(StoppedEntry, position.Stopped ? 1 : 0))
            .Append(new(ThreadsEntry, torch.get_num_threads()))
            .Append(new(RanksEntry, Ranks));
        var state = new CheckpointState
        {
            Epoch = position.Epoch,
            Step = position.Step,
            PositionInEpoch = position.Taken,
            Configuration = configuration,
            Numbers = numbers.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        try
        {
            folder.Save(state, parts.SelectMany(part => Checkpoint.Group(part.Name, part.Tensors)));
            _saved = position;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn(Invariant($"No checkpoint was written at step {position.Step} ({e.Message}); the previous one is intact, and training continues."));
        }

        (_lastAt, _lastEpoch) = (clock.GetTimestamp(), position.Epoch);
    }

    private RunPosition Restore(Checkpoint checkpoint)
    {
        var (state, numbers) = (checkpoint.State, checkpoint.State.Numbers);
        foreach (var part in parts)
        {
            var prefix = part.Name + '.';
            part.Resume(numbers.Where(n => n.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n.Key[prefix.Length..], n => n.Value));
            checkpoint.Restore(part.Name, part.Tensors);
        }

        var (then, now) = (numbers.GetValueOrDefault(ThreadsEntry), torch.get_num_threads());
        if (then != now && options.ComputeThreads == 0 && then >= 1 && then <= Environment.ProcessorCount)
        {
            // No other number was requested, and this one rounds sums as before.
            torch.set_num_threads((int)then);
            now = (int)then;
        }

        if (then != now)
        {
            warn(Invariant($"The checkpoint was made with {then} compute threads, now there are {now}: training continues, but sums are rounded differently."));
        }

        var ranks = numbers.GetValueOrDefault(RanksEntry, 1);
        if (ranks != Ranks)
        {
            warn(Invariant($"The checkpoint was made by {ranks} processes, now there {(Ranks == 1 ? "is" : "are")} {Ranks}: training continues with the same clips in the same steps, but sums are rounded differently."));
        }

        var position = new RunPosition(state.Epoch, (int)state.PositionInEpoch, (int)state.Step, numbers.GetValueOrDefault(StoppedEntry) != 0);
        (_saved, _lastEpoch) = (position, position.Epoch);
        return position;
    }
}
