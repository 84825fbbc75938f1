using System.Diagnostics;
using Mofo.ML.Distributed;

namespace TrainOnManyMachines;

/// <summary>Tells what each part of the work took: seconds on the clock, and seconds of processor time of all processes together.</summary>
/// <remarks>Processor time compares runs on a machine that others use too; the clock does not.</remarks>
internal sealed class Meter(MpiWorld world)
{
    private long _since = Stopwatch.GetTimestamp();
    private TimeSpan _processor = Process.GetCurrentProcess().TotalProcessorTime;

    /// <summary>Ends a part; called by all processes.</summary>
    public void Report(string part)
    {
        using var process = Process.GetCurrentProcess();
        var (clock, processor) = (Stopwatch.GetElapsedTime(_since), process.TotalProcessorTime - _processor);
        var all = world.Total(processor.TotalSeconds);
        if (world.IsFirst)
        {
            Console.WriteLine(FormattableString.Invariant($"{part}: {clock.TotalSeconds:0.0} s, {all:0.0} s of processor time on {world.Size} processes"));
        }

        (_since, _processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
    }
}
