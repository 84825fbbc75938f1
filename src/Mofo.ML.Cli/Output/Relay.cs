namespace Mofo.ML.Cli.Output;

/// <summary>Hands progress on at once, on the thread that reports it (<see cref="Progress{T}"/> would queue it and mix up the order).</summary>
internal sealed class Relay<T>(Action<T> to) : IProgress<T>
{
    public void Report(T value) => to(value);
}
