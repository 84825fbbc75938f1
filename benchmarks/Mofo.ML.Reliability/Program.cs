// Tries to break what reads, writes and serves, a million times over, and says how often it broke.
//
//   dotnet run -c Release --project benchmarks/Mofo.ML.Reliability -- all [--out FOLDER] [--seed N] [--videos FOLDER] [--small]
//
// It can be stopped at any time and resumes. docs/reliability.md has the figures and what they mean.
using System.CommandLine;
using Mofo.ML.Reliability.CommandLine;

var root = new RootCommand("Fuzzing of every parser, damaged videos, SIGKILLs, a soak of the service, full and read-only disks.") { CampaignOptions.Out, CampaignOptions.Seed };
foreach (var command in Commands.All().Concat(ChildCommands.All()))
{
    root.Subcommands.Add(command);
}

return root.Parse(args).Invoke();
