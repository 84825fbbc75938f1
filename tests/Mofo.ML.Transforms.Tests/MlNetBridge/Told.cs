namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>Hears of progress on the thread that reports it.</summary>
internal sealed class Told<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
