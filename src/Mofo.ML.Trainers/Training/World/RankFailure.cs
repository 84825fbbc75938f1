namespace Mofo.ML.Trainers.Training.World;

/// <summary>Why a rank stopped, as a text that travels to the others.</summary>
internal static class RankFailure
{
    private const string Cancelled = "cancelled";

    /// <summary>Empty for no error.</summary>
    public static string Describe(Exception? error) => error switch
    {
        null => "",
        OperationCanceledException => Cancelled,
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    /// <summary>What the other ranks throw.</summary>
    public static Exception Exception(string described, int rank, string host) => described == Cancelled
        ? new OperationCanceledException(Invariant($"Rank {rank} on {host} was cancelled."))
        : new RankFailedException(rank, host, described);
}
