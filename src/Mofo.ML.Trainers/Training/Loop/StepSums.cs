namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>The losses of one step, averaged over its clips; a part without tokens inside (or outside) the box does not count there.</summary>
internal sealed class StepSums
{
    private readonly List<string> _videos = [];
    private (double Sum, int Clips) _total, _inside, _outside, _baseline, _floor;

    public double Total => Mean(_total);

    public double Inside => Mean(_inside);

    public double Outside => Mean(_outside);

    /// <summary>See <see cref="StepLoss.Baseline"/>.</summary>
    public double Baseline => Mean(_baseline);

    /// <summary>See <see cref="StepLoss.Floor"/>.</summary>
    public double Floor => Mean(_floor);

    public int Clips => _total.Clips;

    /// <summary>The files of this process's clips, one for each.</summary>
    public IReadOnlyList<string> VideoPaths => _videos;

    /// <summary>Adds one batch.</summary>
    /// <param name="part">Its figures, on all processes together.</param>
    /// <param name="videos">The files of this process's clips.</param>
    public void Add(in PartFigures part, IReadOnlyList<string> videos)
    {
        _videos.AddRange(videos);
        Add(ref _total, part.Total, part.Clips);
        Add(ref _inside, part.Inside, part.Clips);
        Add(ref _outside, part.Outside, part.Clips);
        Add(ref _baseline, part.Baseline, part.Clips);
        Add(ref _floor, part.Floor, part.Clips);
    }

    private static void Add(ref (double Sum, int Clips) mean, double value, int clips)
    {
        if (!double.IsNaN(value))
        {
            mean = (mean.Sum + (value * clips), mean.Clips + clips);
        }
    }

    private static double Mean((double Sum, int Clips) mean) => mean.Clips == 0 ? double.NaN : mean.Sum / mean.Clips;
}
