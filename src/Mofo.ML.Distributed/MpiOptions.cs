using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;

namespace Mofo.ML.Distributed;

/// <summary>How processes work together.</summary>
public sealed class MpiOptions
{
    /// <summary>The number type in which gradients travel.</summary>
    /// <value>
    /// Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> is the same. <see cref="Precision.BFloat16"/> halves what the network has to carry and rounds each gradient to
    /// 8 bits of precision, before and after the sum; docs/scale.md says where that matters.
    /// </value>
    public Precision GradientPrecision { get; set; } = Precision.Float32;

    /// <summary>Size of the pieces in which gradients travel. On a processor a piece leaves as soon as the backward pass has made its gradients, and travels while the pass goes on.</summary>
    /// <value>Default 26,214,400: the 25 MiB of PyTorch's DistributedDataParallel (arXiv 2006.15704). In [4096, 1073741824] bytes of float32. A piece that holds the whole network travels after the backward pass.</value>
    public int GradientBucketBytes { get; set; } = GradientExchange.DefaultBucket * sizeof(float);

    /// <summary>Whether gradients on GPUs go straight from GPU to GPU through NVIDIA's NCCL, where its library is there and each process has a GPU of its own.</summary>
    /// <value>Default true; a line on the error output says so where it cannot be. False sends them through pinned memory and MPI. The way through NCCL has not been tested with two GPUs.</value>
    public bool Nccl { get; set; } = true;

    /// <summary>What must be the same on all processes, in words.</summary>
    internal string Describe() => Invariant($"with MpiOptions of {nameof(GradientPrecision)} {GradientPrecision}, {nameof(GradientBucketBytes)} {GradientBucketBytes}, {nameof(Nccl)} {Nccl}");

    internal MpiOptions Copy()
    {
        var problems = new OptionProblems(nameof(MpiOptions));
        problems.Defined(GradientPrecision);
        problems.InRange(GradientBucketBytes, 4096, 1 << 30);
        problems.ThrowIfAny();
        return (MpiOptions)MemberwiseClone();
    }
}
