using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Videos;

/// <summary>How far the damaged videos have come.</summary>
internal sealed class VideoState : ISeededState
{
    public int Seed { get; init; }

    public int Done { get; set; }

    public int Read { get; set; }

    public int Refused { get; set; }

    public int Crashes { get; set; }

    public int Hangs { get; set; }

    public double SlowestSeconds { get; set; }

    public List<Finding> Findings { get; init; } = [];
}
