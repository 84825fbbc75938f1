using System.Runtime.CompilerServices;

namespace Mofo.ML.Benchmarks;

/// <summary>Benchmarks may touch TorchSharp before any code of the library does; the library's own hook would then come too late.</summary>
internal static class LoadNativeFirst
{
    [ModuleInitializer]
    internal static void Register() => Trainers.NativeLoading.Register();
}
