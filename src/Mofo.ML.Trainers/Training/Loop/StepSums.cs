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

    /// <summary>The clips' files, one for each clip.</summary>
    public IReadOnlyList<string> VideoPaths => _videos;

    /// <summary>Adds one batch.</summary>
    /// <param name="total">The value of <see cref="StepLoss.Total"/>, read once, as reading it waits for the device.</param>
    /// <param name="loss">The batch's loss.</param>
    /// <param name="videos">The clips' files.</param>
    public void Add(float total, in StepLoss loss, IReadOnlyList<string> videos)
    {
        _videos.AddRange(videos);
        Add(ref _total, total, videos.Count);
        Add(ref _inside, loss.Inside.Read(), videos.Count);
        Add(ref _outside, loss.Outside.Read(), videos.Count);
        Add(ref _baseline, loss.Baseline.Read(), videos.Count);
        Add(ref _floor, loss.Floor, videos.Count);
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
