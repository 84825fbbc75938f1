using System.Diagnostics;
using Microsoft.ML;
using Mofo.ML.Distributed.Joining;
using Mofo.ML.Distributed.Messages;
using Mofo.ML.Distributed.Rows;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.World;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Distributed;

/// <summary>The processes that an MPI launcher started together, one of which this is.</summary>
/// <remarks>
/// <c>using var world = MpiWorld.Join();</c> at the start of a program; then <c>options.World = world</c> trains on all processes. Without a launcher the world has one
/// process, no MPI library is loaded, and the same program does the same work alone. docs/many-machines.md says how to start programs.
/// </remarks>
public sealed class MpiWorld : TrainingWorld, IDisposable
{
    private static int _joined;

    private readonly MpiProcess? _process;
    private readonly Collectives? _collectives;
    private readonly SumQueue? _sums;
    private readonly MpiOptions _options;
    private readonly string[] _hosts = [Environment.MachineName];
    private readonly int[] _processIds = [Environment.ProcessId];
    private NcclSum? _nccl;
    private bool _askedForNccl;
    private bool _disposed;

    private MpiWorld(MpiOptions options, MpiProcess? process)
    {
        (_options, _process) = (options, process);
        if (process is null)
        {
            return;
        }

        (_collectives, _sums) = (new Collectives(process), new SumQueue());
        _hosts = _collectives.Gather(Environment.MachineName);
        _processIds = Array.ConvertAll(_collectives.Gather(Invariant($"{Environment.ProcessId}")), text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        process.Name = Describe;
        UnhandledFailure.Watch(this);
        RequireSameProgram();
    }

    /// <inheritdoc/>
    public override int Rank => _process?.Rank ?? 0;

    /// <inheritdoc/>
    public override int Size => _process?.Size ?? 1;

    /// <summary>Number of this process among those on this machine, from 0: a good <c>MLContext.GpuDeviceId</c>.</summary>
    public int LocalRank => _hosts.Take(Rank).Count(host => host == _hosts[Rank]);

    /// <summary>Whether MPI has ended in this process.</summary>
    internal bool HasLeft => _disposed;

    /// <summary>Why this process ends before its work is done: the others are told when it leaves. Null where all know, or where nothing failed.</summary>
    internal string? FailedFor { get; set; }

    internal override int LocalSize => _hosts.Count(host => host == _hosts[Rank]);

    /// <summary>Joins the processes that were started together with this one; once in a program.</summary>
    /// <param name="options">How to work together; null for the defaults. Each process gives the same.</param>
    /// <returns>The world, of this process alone where no MPI launcher started it.</returns>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="NotSupportedException">The MPI library does not support several threads.</exception>
    /// <exception cref="DllNotFoundException">The program was started by an MPI launcher, and there is no MPI library with MPICH's binary interface.</exception>
    /// <exception cref="RankFailedException">The processes run different versions, or were given different options.</exception>
    /// <exception cref="InvalidOperationException">This process has joined before, or Slurm started several processes without MPI.</exception>
    public static MpiWorld Join(MpiOptions? options = null)
    {
        var copy = (options ?? new MpiOptions()).Copy();
        if (!Launch.IsMpi(Environment.GetEnvironmentVariable))
        {
            return new MpiWorld(copy, null);
        }

        return Interlocked.Exchange(ref _joined, 1) == 0
            ? new MpiWorld(copy, new MpiProcess())
            : throw new InvalidOperationException("MpiWorld.Join was called before: MPI begins once in a process. Keep the world that it returned.");
    }

    /// <summary>Applies a model to a list of videos on all processes: detection, features, scores. Each row is computed by one process, whichever is free next.</summary>
    /// <param name="model">The same on every process; a row of its result comes from one row of the data.</param>
    /// <param name="data">The same list on every process, in the same order.</param>
    /// <returns>
    /// All rows, computed, in the order of the list, on every process, with the model's visible columns. In a world of one process the model's own lazy result.
    /// </returns>
    /// <exception cref="ArgumentException">The model does not map rows to rows, so they cannot be shared out.</exception>
    /// <exception cref="NotSupportedException">A column's values cannot be sent: pictures, for one. Leave the column out of the model's result.</exception>
    /// <exception cref="Mofo.ML.Transforms.VideoException">A video cannot be read, and the stage's options say to throw; the others stop too. With <c>Skip</c> its row has missing values, and the work goes on.</exception>
    /// <exception cref="RankFailedException">Another process failed.</exception>
    public IDataView Transform(ITransformer model, IDataView data) => Transform(model, data, _ => { });

    /// <param name="model">See the method above.</param>
    /// <param name="data">Likewise.</param>
    /// <param name="given">Told the number of each row that this process is given, from 0.</param>
    internal IDataView Transform(ITransformer model, IDataView data, Action<long> given)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return _process is null ? model.Transform(data) : new SharedRows(this, _process, _collectives!).Transform(model, data, given);
    }

    /// <summary>Computes something for each item of a list on all processes: whichever is free takes the next.</summary>
    /// <param name="count">Items, the same number on every process.</param>
    /// <param name="work">From the number of an item to what is computed, as bytes.</param>
    /// <returns>All results in the order of the list, on every process.</returns>
    /// <exception cref="RankFailedException">Another process failed; where this one did, its own exception is thrown.</exception>
    internal IReadOnlyList<byte[]> Share(int count, Func<int, byte[]> work) => _process is null
        ? [.. Enumerable.Range(0, count).Select(work)]
        : new SharedItems(this, _process, _collectives!).Compute(count, work);

    /// <summary>Waits until all processes have come here.</summary>
    public void Barrier() => Sum([0]);

    /// <summary>The sum of a number over all processes, on all of them.</summary>
    /// <param name="value">This process's.</param>
    /// <returns>The same bits on every process.</returns>
    public double Total(double value)
    {
        Span<double> sum = [value];
        Sum(sum);
        return sum[0];
    }

    /// <summary>Measures how long the gradients of a network take between the processes; called by all.</summary>
    /// <param name="parameters">Weights of the network, in [1, 1e9]: 94 million for the pretraining of ViT-B, 343 million for that of ViT-L.</param>
    /// <returns>The clock's time of one exchange, the fastest of three.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public TimeSpan MeasureExchange(int parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters, 1_000_000_000);
        using var scope = NewDisposeScope();
        using var gradients = zeros(parameters, ScalarType.Float32, CPU);
        var fastest = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < 3; repeat++)
        {
            Barrier();
            var started = Stopwatch.GetTimestamp();
            var pending = new List<IPendingSum>();
            for (long start = 0; start < parameters; start += BucketValues)
            {
                pending.Add(BeginSum(gradients.narrow(0, start, Math.Min(BucketValues, parameters - start))));
            }

            pending.ForEach(sum => sum.Wait());
            var elapsed = Stopwatch.GetElapsedTime(started);
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        return fastest;
    }

    /// <summary>Leaves: waits until all processes do, then ends MPI.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _sums?.Dispose();
            _nccl?.Dispose();
            _process?.Leave(FailedFor);
        }
    }

    /// <summary>Which process it is, for messages.</summary>
    internal string Describe(int rank) => Invariant($"rank {rank} of {Size} on {_hosts[rank]} (process {_processIds[rank]})");

    internal override int BucketValues => _options.GradientBucketBytes / sizeof(float);

    internal override string HostOf(int rank) => _hosts[rank];

    internal override void Sum(Span<double> values) => _collectives?.Sum(values);

    internal override void Broadcast(Span<byte> bytes) => _collectives?.Broadcast(bytes);

    internal override IReadOnlyList<string> Gather(string text) => _collectives?.Gather(text) ?? [text];

    /// <summary>Whether gradients on this device go straight through NCCL; if not, they go through pinned memory. Asked by all ranks together.</summary>
    internal override bool CanSumOn(Device device)
    {
        if (device.type != DeviceType.CUDA || !_options.Nccl || _process is null)
        {
            return device.type == DeviceType.CPU;
        }

        if (!_askedForNccl)
        {
            (_askedForNccl, _nccl) = (true, NcclSum.Join(this, device.index, out var reason));
            if (_nccl is null && IsFirst)
            {
                Console.Error.WriteLine($"Mofo.ML: gradients go through memory and MPI, not through NCCL: {reason}.");
            }
        }

        return _nccl is not null;
    }

    internal override IPendingSum BeginSum(Tensor values) => _collectives is null || _sums is null
        ? Alone.BeginSum(values)
        : _sums.Add(_nccl is not null && values.device_type == DeviceType.CUDA
            ? () => _nccl.Run(values, _options.GradientPrecision == Precision.BFloat16)
            : _options.GradientPrecision == Precision.BFloat16
            ? () => BFloat16Sum.Run(_collectives, Size, values)
            : () => _collectives.SumFloats(TensorMemory.Address(values), values.numel()));

    internal override void Abort(Exception error) => MpiProcess.Abort($"{Describe(Rank)} stopped: {error}");

    private void RequireSameProgram()
    {
        var versions = Gather($"{ProgramVersion.Describe()}\n{_options.Describe()}");
        Together(() =>
        {
            var (rank, difference) = versions.Select((version, rank) => (rank, ProgramVersion.Difference(versions[0], version))).FirstOrDefault(pair => pair.Item2 is not null);
            if (difference is not null)
            {
                throw new RankFailedException(rank, HostOf(rank), $"{difference}. Give all processes one build of the program and the same options.");
            }
        });
    }
}
