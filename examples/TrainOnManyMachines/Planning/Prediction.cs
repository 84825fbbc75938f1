namespace TrainOnManyMachines.Planning;

/// <summary>How long one step takes, part by part, and what that makes of a training.</summary>
/// <remarks>
/// Computing, decoding and reading run at the same time: the slowest counts. The exchange follows the backward pass, so it is added: a ring (or an algorithm with the same traffic) moves
/// 2 (n - 1) / n of the gradients through every link, inside a machine between its GPUs, then between machines.
/// </remarks>
internal sealed record Prediction
{
    /// <param name="job">The training.</param>
    /// <param name="cluster">The machines.</param>
    /// <param name="gpus">GPUs used.</param>
    /// <param name="bytesPerGradient">4 for float32 on the wire, 2 for bfloat16.</param>
    public Prediction(TrainingJob job, Cluster cluster, int gpus, int bytesPerGradient = 4)
    {
        var inside = Math.Min(gpus, cluster.GpusPerMachine);
        var machines = Math.Max(1, gpus / cluster.GpusPerMachine);
        var (clips, bytes) = ((double)job.Batch / gpus, job.Parameters * bytesPerGradient);
        (Job, Gpus) = (job, gpus);
        Compute = clips * job.FlopsPerClip / (cluster.TeraflopsPerGpu * 1e12);
        Decode = clips * job.DecodeSeconds / cluster.CoresPerGpu;
        Read = clips * inside * job.BytesPerClip / (cluster.DiskMegabytes * 1e6);
        Exchange = (Share(inside) * bytes / (cluster.InsideGigabytes * 1e9)) + (Share(machines) * bytes / (cluster.NetworkGigabytes * 1e9));
    }

    public TrainingJob Job { get; }

    public int Gpus { get; }

    /// <summary>Seconds a step of forward and backward pass.</summary>
    public double Compute { get; }

    /// <summary>Seconds a step of decoding and augmenting, on all cores of a GPU.</summary>
    public double Decode { get; }

    /// <summary>Seconds a step of reading.</summary>
    public double Read { get; }

    /// <summary>Seconds a step of exchanging gradients.</summary>
    public double Exchange { get; }

    public double Step => Math.Max(Compute, Math.Max(Decode, Read)) + Exchange;

    public double Hours => Job.Clips / Job.Batch * Step / 3600;

    /// <summary>Hours where clips are decoded as fast as the GPUs take them: enough cores, or clips that lie decoded.</summary>
    public double HoursWithoutDecoding => Job.Clips / Job.Batch * (Math.Max(Compute, Read) + Exchange) / 3600;

    public double ClipsPerSecondAndGpu => Job.Batch / Step / Gpus;

    /// <summary>Share of the time in which the GPUs compute.</summary>
    public double Efficiency => Compute / Step;

    /// <summary>The part that would have to become faster.</summary>
    public string Limit
    {
        get
        {
            (string Name, double Seconds)[] parts = [("computing", Compute), ("decoding", Decode), ("disk", Read), ("exchange", Exchange)];
            return parts.MaxBy(part => part.Seconds).Name;
        }
    }

    private static double Share(int count) => 2.0 * (count - 1) / count;
}
