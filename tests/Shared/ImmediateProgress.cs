namespace Mofo.ML.Tests.Shared;

/// <summary>Handles progress on the thread that reports it; <see cref="Progress{T}"/> would pass it to another thread, later.</summary>
/// <param name="action">Called for each report.</param>
internal sealed class ImmediateProgress<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
