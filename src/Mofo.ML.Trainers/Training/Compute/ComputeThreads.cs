using TorchSharp;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Torch's number of threads for the time of a training, or of a pass over videos that several processes share; the process's own comes back afterwards.</summary>
internal sealed class ComputeThreads : IDisposable
{
    private static readonly Lazy<int> Kept = new(LimitToQuota);

    private readonly int _before = torch.get_num_threads();

    public ComputeThreads(MofoTrainingOptions options)
        : this(options.WorldInForce, options.ComputeThreads)
    {
    }

    /// <param name="world">The processes, which share the processors of a machine.</param>
    /// <param name="asked">Of the options; 0 to choose.</param>
    public ComputeThreads(TrainingWorld world, int asked = 0)
    {
        Set(Choose(asked, _before, Environment.ProcessorCount, world.LocalSize, IsSetByUser));
    }

    private static bool IsSetByUser => Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is not null;

    /// <summary>Threads of a training that has this process, and no other, to itself.</summary>
    /// <param name="asked">Of the options; 0 to choose.</param>
    public static int InForce(int asked) => Choose(asked, torch.get_num_threads(), Environment.ProcessorCount, 1, IsSetByUser);

    /// <summary>Keeps torch to the processors that a container's quota grants: scoring chooses no number of its own. A number that the environment names stays.</summary>
    /// <remarks>Once in a process, before any number that a program or a training chooses later.</remarks>
    public static void KeepToQuota() => _ = Kept.Value;

    /// <summary>The number of threads that is used.</summary>
    /// <remarks>
    /// torch takes one thread for each processor that the system has; .NET counts those that a container's quota grants (cgroup's cpu.max, rounded up). Threads beyond the quota only
    /// use it up by waiting for each other. The choice depends on nothing that changes from run to run, so that sums are rounded alike.
    /// </remarks>
    /// <param name="asked">Of the options; 0 to choose.</param>
    /// <param name="torchThreads">As torch would have it.</param>
    /// <param name="processors">Processors granted to this process.</param>
    /// <param name="local">Processes of this training on this machine, which share its processors: with all threads of each, they would wait for one another.</param>
    /// <param name="isSetByUser">Whether the environment names torch's number of threads.</param>
    internal static int Choose(int asked, int torchThreads, int processors, int local, bool isSetByUser)
    {
        if (asked > 0 || (isSetByUser && local == 1))
        {
            return asked > 0 ? asked : torchThreads;
        }

        return Math.Clamp(processors / local, 1, Math.Max(1, torchThreads));
    }

    public void Dispose() => Set(_before);

    private static int LimitToQuota() => Set(InForce(0));

    private static int Set(int threads)
    {
        if (threads != torch.get_num_threads())
        {
            torch.set_num_threads(threads);
        }

        return threads;
    }
}
