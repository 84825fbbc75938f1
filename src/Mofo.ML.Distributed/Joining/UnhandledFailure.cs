using Mofo.ML.Distributed.Messages;
using Mofo.ML.Trainers;

namespace Mofo.ML.Distributed.Joining;

/// <summary>An exception that nothing in the program catches ends all processes with one message.</summary>
internal static class UnhandledFailure
{
    /// <summary>Longer than the launcher needs to end the other processes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Watch(MpiWorld world) => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        // After MPI has ended no rank waits, and MPI may not be called: .NET reports the exception as in any program.
        if (e.ExceptionObject is not Exception error || world.HasLeft)
        {
            return;
        }

        // Where all stop for one reason, each has an exception: rank 0 speaks for all.
        if (world.IsAgreed(error) && !world.IsFirst)
        {
            Thread.Sleep(Patience);
            Environment.Exit(1);
        }

        MpiProcess.Abort(error is RankFailedException ? error.Message : $"{world.Describe(world.Rank)} stopped: {error}");
    };
}
