using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Mofo.ML.Trainers.Environments;

/// <summary>The versions of everything that computes.</summary>
internal static class VersionList
{
    public static IReadOnlyList<KeyValuePair<string, string>> All() =>
    [
        new("Mofo.ML", Of(typeof(VersionList))),
        new("ML.NET", Of(typeof(MLContext))),
        new("TorchSharp", Of(typeof(torch))),
        new("OpenCvSharp", Of(typeof(OpenCvSharp.Cv2))),
        new("ONNX Runtime (managed)", Of(typeof(OrtEnv))),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("System", Invariant($"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors")),
    ];

    private static string Of(Type type)
    {
        var said = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{type.Assembly.GetName().Version}";
        return said.Split('+')[0];
    }
}
