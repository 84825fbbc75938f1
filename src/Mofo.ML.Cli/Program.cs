using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli;

/// <summary>The process. A class of its own: of top-level statements, ASP.NET Core's generator would make a public one.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var signals = new StopSignals();
        return MofoProgram.Run(args, Console.Out, Console.Error, signals.Token);
    }
}
