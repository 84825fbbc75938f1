namespace Mofo.ML.Trainers;

/// <summary>Another process of the same training failed, so this one stops too. The checkpoint of the last whole step is complete.</summary>
public sealed class RankFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="rank">The process that failed, from 0.</param>
    /// <param name="host">Its machine.</param>
    /// <param name="reason">What it reported.</param>
    public RankFailedException(int rank, string host, string reason)
        : base(Invariant($"Rank {rank} on {host} stopped: {reason}")) => (Rank, Host) = (rank, host);

    /// <summary>The process that failed, from 0.</summary>
    public int Rank { get; }

    /// <summary>Its machine.</summary>
    public string Host { get; }
}
