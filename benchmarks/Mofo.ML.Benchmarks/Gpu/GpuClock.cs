using System.Diagnostics;
using Mofo.ML.Benchmarks.Measuring;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Milliseconds per step of a run of steps, which waits for the card only at its end.</summary>
internal static class GpuClock
{
    private const int WarmUp = 4;

    /// <summary>Middle, least and most over the rounds.</summary>
    public static (double Middle, double Least, double Most) PerStep(GpuSizes sizes, Action step)
    {
        for (var i = 0; i < WarmUp; i++)
        {
            step();
        }

        ComputeDevice.Wait();
        var times = new double[sizes.Rounds];
        for (var round = 0; round < times.Length; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < sizes.Steps; i++)
            {
                step();
            }

            ComputeDevice.Wait();
            times[round] = clock.Elapsed.TotalMilliseconds / sizes.Steps;
        }

        return (Interleaved.Median(times), times.Min(), times.Max());
    }
}
