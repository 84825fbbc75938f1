using Mofo.ML.Cli.Running;
using Mofo.ML.Distributed;

namespace Mofo.ML.Cli;

/// <summary>The process. A class of its own: of top-level statements, ASP.NET Core's generator would make a public one.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var signals = new StopSignals();

        // Alone unless mpirun or srun started it; of several processes the first speaks for all.
        using var world = MpiWorld.Join();
        var (output, errors) = world.IsFirst ? (Console.Out, Console.Error) : (TextWriter.Null, TextWriter.Null);
        return MofoProgram.Run(args, output, errors, signals.Token, world);
    }
}
