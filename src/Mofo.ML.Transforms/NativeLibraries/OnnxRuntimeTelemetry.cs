using System.Runtime.CompilerServices;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Keeps ONNX Runtime from writing a device id to the user's cache folder and from sending events to its maker, as its packages do by default since 1.29.</summary>
/// <remarks>It reads the variable when it is loaded, so it is set before any code of this assembly runs. Set it to 0 to allow the events.</remarks>
internal static class OnnxRuntimeTelemetry
{
    /// <summary>ONNX Runtime's own switch.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

#pragma warning disable CA2255 // A library's module initialiser is the only hook that comes before every public entry point.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void SwitchOff() => _ = NativeEnvironment.SetIfMissing(Variable, "1");
}
