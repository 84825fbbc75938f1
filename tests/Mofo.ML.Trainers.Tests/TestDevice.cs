using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests;

/// <summary>Where the golden models and the tensor flow run: on the CPU, or where MOFO_TEST_DEVICE says (<c>cuda</c>).</summary>
internal static class TestDevice
{
    public static Device Chosen { get; } = device(Environment.GetEnvironmentVariable("MOFO_TEST_DEVICE") ?? "cpu");
}
