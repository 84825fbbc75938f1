namespace Mofo.ML.Trainers;

/// <summary>The number type that a model's large products run in; weights, norms and losses stay in float32 whatever is chosen.</summary>
public enum Precision
{
    /// <summary>bfloat16 where the device computes it natively (CPUs with AVX512-BF16 or AMX, NVIDIA GPUs of compute capability 8.0 and later), else float32.</summary>
    Auto,

#pragma warning disable CA1720 // The names of the number types are what the user chooses between.
    /// <summary>float32 throughout.</summary>
    Float32,
#pragma warning restore CA1720

    /// <summary>bfloat16 products; several times slower than float32 on a CPU without native support.</summary>
    BFloat16,
}
