using System.Globalization;
using Mofo.ML.Reliability.Processes;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Runs the inputs of every parser in a process of its own, and starts it again where an input ends the process.</summary>
internal static class FuzzRun
{
    /// <summary>A parser may end its process that often before the campaign leaves it.</summary>
    private const int MostCrashes = 20;

    public static bool Run(Campaign campaign, long inputs, IReadOnlyCollection<string> parsers)
    {
        var sound = true;
        foreach (var (name, share) in ParserNames.All.Where(parser => parsers.Count == 0 || parsers.Contains(parser.Name)))
        {
            sound &= Report(campaign, WorkOff(campaign, name, Inputs(inputs, share)));
        }

        return sound;
    }

    /// <summary>The same in this process: for so few inputs that starting others would take longer than the work.</summary>
    public static bool RunHere(Campaign campaign, SampleFiles samples, long inputs)
    {
        var sound = true;
        using var scratch = new Scratch();
        foreach (var (name, share) in ParserNames.All)
        {
            var state = FuzzState.Load(campaign, name);
            _ = new FuzzWorker(ParserNames.Open(name, samples, scratch.Path), state, campaign).Run(Inputs(inputs, share));
            sound &= Report(campaign, state);
        }

        return sound;
    }

    private static long Inputs(long inputs, double share) => Math.Max(1, (long)(inputs * share));

    private static bool Report(Campaign campaign, FuzzState state)
    {
        campaign.Say(FormattableString.Invariant(
            $"fuzz {state.Parser}: {state.Done} inputs, {state.Read} read, {state.Refused} refused at {state.Places} places, {state.Findings.Sum(f => f.Count)} findings, {state.Done / Math.Max(state.Seconds, 1e-3):0} a second"));
        foreach (var finding in state.Findings)
        {
            campaign.Say(FormattableString.Invariant($"  input {finding.Index}: {finding.Kind}"));
        }

        return state.Findings.Count == 0;
    }

    private static FuzzState WorkOff(Campaign campaign, string name, long inputs)
    {
        using var scratch = new Scratch(); // ML.NET makes a temporary folder for every model that it loads
        for (var crashes = 0; crashes <= MostCrashes; crashes++)
        {
            var state = FuzzState.Load(campaign, name);
            if (state.Done >= inputs)
            {
                return state;
            }

            var run = OwnProgram.Run(campaign.Command("fuzz-worker", name, inputs.ToString(CultureInfo.InvariantCulture)), start => start.Environment["TMPDIR"] = scratch.Path);
            if (run.ExitCode is not (0 or 3))
            {
                RecordCrash(campaign, name, run);
            }
        }

        return FuzzState.Load(campaign, name);
    }

    private static void RecordCrash(Campaign campaign, string name, ProcessResult run)
    {
        long index;
        using (var position = FuzzWorker.Position(campaign.Folder, name))
        using (var view = position.CreateViewAccessor())
        {
            index = view.ReadInt64(0);
        }

        var state = FuzzState.Load(campaign, name);
        state.Fatal.Add(index);
        state.Add(new Finding(FormattableString.Invariant($"crash, exit code {run.ExitCode}"), index, run.Errors));
        state.Save(campaign);
        File.WriteAllText(campaign.FindingFile(name, index, ".txt"), run.Errors);
    }
}
