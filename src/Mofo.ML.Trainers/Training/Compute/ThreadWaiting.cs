using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Has torch's threads sleep while they wait for each other, instead of spinning.</summary>
/// <remarks>
/// libgomp's threads spin at the end of every parallel operation. Where other work needs the cores (a busy machine, a container with a processor quota) each spin steals the time of the thread that
/// is waited for. libgomp reads the variable once, when it is loaded: this comes before the first touch of torch by this library, and does nothing where a program has touched torch before.
/// What it brings and costs: benchmarks/RESULTS.md.
/// </remarks>
internal static class ThreadWaiting
{
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string SpinCount = "GOMP_SPINCOUNT";

    /// <summary>Sets the policy for the process, unless the user has set one.</summary>
    /// <returns>Whether it was set.</returns>
    public static bool Sleep() => Environment.GetEnvironmentVariable(SpinCount) is null && NativeEnvironment.SetIfMissing(WaitPolicy, "PASSIVE");
}
