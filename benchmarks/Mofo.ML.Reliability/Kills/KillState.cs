using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Kills;

/// <summary>How many processes were killed so far.</summary>
internal sealed class KillState : ISeededState
{
    public int Seed { get; init; }

    public Dictionary<string, int> Kills { get; init; } = [];

    /// <summary>Jobs that had ended before their moment came; not counted among the kills.</summary>
    public int EndedBefore { get; set; }

    /// <summary>Kills that hit a file being written: a partial file lay there.</summary>
    public int HitWriting { get; set; }

    public List<Finding> Findings { get; init; } = [];
}
