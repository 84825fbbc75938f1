using Mofo.ML.Reliability.Kills;
using Mofo.ML.Reliability.Processes;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Disks;

/// <summary>Does jobs on a disk that is full, fills up in the middle, or cannot be written to.</summary>
/// <param name="campaign">The campaign.</param>
/// <param name="samples">Clips to copy.</param>
/// <param name="jobs">Names of <see cref="KillJobs"/>.</param>
/// <param name="levels">How many of <see cref="Levels"/> each job is tried with.</param>
internal sealed class DiskRun(Campaign campaign, SampleFiles samples, IReadOnlyCollection<string> jobs, int levels)
{
    private const int Kilobytes = 6 << 10;

    /// <summary>Bytes that are free at the start. The larger ones let some files through.</summary>
    public static IReadOnlyList<long> Levels { get; } = [0, 8 << 10, 64 << 10, 256 << 10, 1 << 20, 2 << 20];

    private readonly DiskState _state = new();
    private int _disks;

    public bool Run()
    {
        foreach (var job in jobs)
        {
            foreach (var free in Levels.Take(levels))
            {
                OnDisk(disk => Full(disk, job, free));
            }

            OnDisk(disk => ReadOnly(disk, job));
        }

        OnDisk(ReadOnlyVideos);
        JsonFile.Write(campaign.StateOf("disk"), _state);
        campaign.Say(_state.Skipped is { } reason
            ? $"disk: skipped, {reason}"
            : FormattableString.Invariant($"disk: {_state.Tried} jobs on full and read-only disks, {_state.Done} did without, {_state.Refused} refused, {_state.Findings.Count} findings"));
        _state.Findings.ForEach(finding => campaign.Say($"  {finding.Kind}: {finding.Detail}"));
        return _state.Findings.Count == 0;
    }

    private void OnDisk(Action<TinyDisk> work)
    {
        if (_state.Skipped is not null)
        {
            return;
        }

        using var disk = TinyDisk.TryMount(Path.Combine(campaign.Folder, FormattableString.Invariant($"disk{_disks++}")), Kilobytes, out var reason);
        if (disk is null)
        {
            _state.Skipped = reason;
            return;
        }

        work(disk);
    }

    private void Full(TinyDisk disk, string job, long free)
    {
        var name = FormattableString.Invariant($"{job}, {free >> 10} KiB free");
        var folder = Directory.CreateDirectory(Path.Combine(disk.Path, "work")).FullName;
        disk.FillUpTo(free);
        Judge(name, folder, OwnProgram.Run(campaign.Command("job", job, folder)));
    }

    private void ReadOnly(TinyDisk disk, string job)
    {
        var folder = Directory.CreateDirectory(Path.Combine(disk.Path, "work")).FullName;
        disk.MakeReadOnly();
        Judge($"{job}, read-only", folder, OwnProgram.Run(campaign.Command("job", job, folder)));
    }

    /// <summary>Reading takes no right to write, neither beside the video nor for temporary files.</summary>
    private void ReadOnlyVideos(TinyDisk disk)
    {
        var clips = Directory.CreateDirectory(Path.Combine(disk.Path, "clips")).FullName;
        foreach (var file in samples.ClipFiles())
        {
            File.Copy(file, Path.Combine(clips, Path.GetFileName(file)));
        }

        disk.MakeReadOnly();
        var run = OwnProgram.Run(["read-folder", clips], start => start.Environment["TMPDIR"] = disk.Path);
        _state.Tried++;
        if (run.ExitCode == 0)
        {
            _state.Done++;
        }
        else
        {
            _state.Findings.Add(new Finding("videos on a read-only disk", 0, run.Errors));
        }
    }

    private void Judge(string name, string folder, ProcessResult run)
    {
        _state.Tried++;
        if (run.ExitCode == 0)
        {
            _state.Done++;
        }
        else if (run.Errors.StartsWith("IOException: ", StringComparison.Ordinal) || run.Errors.StartsWith("CheckpointException: ", StringComparison.Ordinal) || run.Errors.StartsWith("UnauthorizedAccessException: ", StringComparison.Ordinal))
        {
            _state.Refused++;
        }
        else
        {
            _state.Findings.Add(new Finding(name, 0, FormattableString.Invariant($"exit code {run.ExitCode}: {run.Errors}")));
        }

        foreach (var problem in WholeFiles.Problems(folder).Concat(WholeFiles.Leftovers(folder).Select(file => $"left behind: {file}")))
        {
            _state.Findings.Add(new Finding(name, 0, problem));
        }
    }
}
