using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>Is this machine fit for the work, and if not, what to do?</summary>
internal static class DoctorCommand
{
    public static CommandShape New() => CommandShape.Of(
        "doctor", "Examine this machine: versions, native libraries, devices, folders; says what is wrong and what to do. Exit code 1 where something that is needed does not work.", [], Run);

    private static int Run(CommandRun run)
    {
        var findings = MofoEnvironment.Examine();
        run.Terminal.Table(["", "found", ""], findings.Select(finding => (IReadOnlyList<string>)[finding.Name, finding.Value, State(finding)]));
        foreach (var finding in findings.Where(finding => finding.Problem is not null))
        {
            run.Terminal.Warn($"{finding.Name}: {finding.Problem}");
        }

        var works = findings.All(finding => finding.Problem is null || finding.IsOptional);
        run.Terminal.Say(works ? "Everything that is needed works." : "Something that is needed does not work.");
        run.Terminal.Result(new { works, findings });
        return works ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static string State(EnvironmentFinding finding) => finding.Problem is null ? "ok" : finding.IsOptional ? "optional" : "PROBLEM";
}
