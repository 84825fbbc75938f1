namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>Hears reports at once and on the thread that makes them; <see cref="Progress{T}"/> would pass them to another thread, later.</summary>
/// <param name="heard">Told each report.</param>
internal sealed class ImmediateProgress<T>(Action<T> heard) : IProgress<T>
{
    public void Report(T value) => heard(value);
}
