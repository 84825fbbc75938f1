using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Disks;

/// <summary>What full and read-only disks have shown.</summary>
internal sealed class DiskState
{
    /// <summary>Why nothing was tried; null where it was.</summary>
    public string? Skipped { get; set; }

    public int Tried { get; set; }

    /// <summary>Jobs that did their work all the same, without the files that only save time.</summary>
    public int Done { get; set; }

    /// <summary>Jobs that ended with the documented exception.</summary>
    public int Refused { get; set; }

    public List<Finding> Findings { get; init; } = [];
}
