namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>One run of a candidate.</summary>
internal readonly record struct Measurement(double Seconds, double ProcessorSeconds, long PageFaults)
{
    public static Measurement Of(Action run)
    {
        var (faults, processor, from) = (ProcessClock.PageFaults, ProcessClock.ProcessorSeconds, TimeProvider.System.GetTimestamp());
        run();
        ComputeDevice.Wait();
        return new Measurement(
            TimeProvider.System.GetElapsedTime(from).TotalSeconds, ProcessClock.ProcessorSeconds - processor, ProcessClock.PageFaults - faults);
    }
}
