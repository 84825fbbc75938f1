using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Soak;

/// <summary>What a soak has shown.</summary>
internal sealed class SoakState : ISeededState
{
    public int Seed { get; init; }

    public int Requests { get; set; }

    public double Seconds { get; set; }

    public SortedDictionary<string, int> Kinds { get; init; } = [];

    public List<Footprint> Footprints { get; init; } = [];

    public List<Finding> Findings { get; init; } = [];
}
