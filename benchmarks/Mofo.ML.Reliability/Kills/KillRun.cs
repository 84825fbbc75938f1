using Mofo.ML.Reliability.Processes;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Kills;

/// <summary>Kills jobs at random moments, runs them again in the same folder, and compares the result with that of an undisturbed job.</summary>
internal sealed class KillRun
{
    private readonly Campaign _campaign;
    private readonly IReadOnlyCollection<string> _jobs;
    private readonly KillState _state;
    private readonly Dictionary<string, (string Result, TimeSpan Time)> _undisturbed = [];

    /// <param name="campaign">The campaign.</param>
    /// <param name="jobs">Names of <see cref="KillJobs"/>.</param>
    public KillRun(Campaign campaign, IReadOnlyCollection<string> jobs) => (_campaign, _jobs, _state) = (campaign, jobs, campaign.Load<KillState>("kills") ?? new KillState { Seed = campaign.Seed });

    /// <summary>Kills until there were so many kills, spread evenly over the jobs.</summary>
    public bool Run(int count)
    {
        while (_state.Kills.Values.Sum() < count)
        {
            var job = _jobs.MinBy(name => _state.Kills.GetValueOrDefault(name))!;
            Kill(job, new Random(HashCodeOf(job)));
            JsonFile.Write(_campaign.StateOf("kills"), _state);
        }

        _campaign.Say(FormattableString.Invariant(
            $"kills: {_state.Kills.Values.Sum()} ({string.Join(", ", _state.Kills.Select(pair => $"{pair.Key} {pair.Value}"))}), {_state.HitWriting} of them while a file was written, {_state.Findings.Count} findings"));
        _state.Findings.ForEach(finding => _campaign.Say(FormattableString.Invariant($"  kill {finding.Index}: {finding.Kind}: {finding.Detail}")));
        return _state.Findings.Count == 0;
    }

    private int HashCodeOf(string job) => (_campaign.Seed * 7919) + (_state.Kills.GetValueOrDefault(job) * 104729) + (_state.EndedBefore * 31) + job.Length;

    private void Kill(string job, Random random)
    {
        if (!_undisturbed.TryGetValue(job, out var whole))
        {
            whole = Undisturbed(job);
            _undisturbed.Add(job, whole);
        }

        var number = _state.Kills.GetValueOrDefault(job);
        var folder = Folder(job, FormattableString.Invariant($"{number}"));
        if (!KilledAfter(job, folder, whole.Time * random.NextDouble()))
        {
            _state.EndedBefore++;
            return;
        }

        _state.HitWriting += Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories).Length > 0 ? 1 : 0;
        foreach (var problem in WholeFiles.Problems(folder))
        {
            Keep("half-written file", problem);
        }

        _ = OwnProgram.Require(_campaign.Command("job", job, folder));
        if (WholeFiles.Leftovers(folder) is { Count: > 0 } left)
        {
            Keep("left behind", string.Join(", ", left));
        }

        if (WholeFiles.Fingerprint(folder) is var result && result != whole.Result)
        {
            Keep("other bits", FirstDifference(result, whole.Result));
        }

        _state.Kills[job] = number + 1;
        Directory.Delete(folder, recursive: true);

        void Keep(string kind, string detail) => _state.Findings.Add(new Finding($"{job}: {kind}", number, detail));
    }

    private (string Result, TimeSpan Time) Undisturbed(string job)
    {
        var folder = Folder(job, "undisturbed");
        using var work = StartedJob.Begin(_campaign.Command("job", job, folder));
        var (code, errors) = work.WaitForExit();
        var time = work.Elapsed;
        if (code != 0)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"The job '{job}' ended with {code}: {errors}"));
        }

        return WholeFiles.Problems(folder) is { Count: > 0 } problems ? throw new InvalidOperationException($"The job '{job}': {problems[0]}") : (WholeFiles.Fingerprint(folder), time);
    }

    /// <summary>False where the job had ended before.</summary>
    private bool KilledAfter(string job, string folder, TimeSpan time)
    {
        using var work = StartedJob.Begin(_campaign.Command("job", job, folder));
        return work.KillAfter(time);
    }

    private string Folder(string job, string name)
    {
        var folder = Path.Combine(_campaign.Folder, "kills", job, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return folder;
    }

    private static string FirstDifference(string found, string expected)
    {
        var (a, b) = (found.Split('\n'), expected.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(a.Length, b.Length)).First(i => a.ElementAtOrDefault(i) != b.ElementAtOrDefault(i));
        return $"'{a.ElementAtOrDefault(at)}' in place of '{b.ElementAtOrDefault(at)}'";
    }
}
