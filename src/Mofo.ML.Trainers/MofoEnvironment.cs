using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Trainers.Environments;
using TorchSharp;

namespace Mofo.ML.Trainers;

/// <summary>Examines the machine and the program: versions, native libraries, devices, folders. What a bug report should say, and what is wrong.</summary>
public static class MofoEnvironment
{
    /// <summary>Looks at everything; each native library is loaded and used for a small trial.</summary>
    /// <returns>One line for each thing. Nothing is thrown: what fails is a finding with a <see cref="EnvironmentFinding.Problem"/>.</returns>
    public static IReadOnlyList<EnvironmentFinding> Examine() =>
    [
        new("Mofo.ML", VersionOf(typeof(MofoEnvironment))),
        new("ML.NET", VersionOf(typeof(MLContext))),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("System", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}"),
        new("Processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        MachineTrials.Memory(),
        MachineTrials.Folder("Temporary folder", Path.GetTempPath()),
        NativeTrials.OpenCv(),
        NativeTrials.Decoding(),
        NativeTrials.Torch(),
        NativeTrials.Cuda(),
        NativeTrials.OnnxRuntime(),
    ];

    /// <summary>The versions that decide what a training computes, for reports.</summary>
    /// <returns>Names and versions.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Versions() =>
    [
        new("Mofo.ML", VersionOf(typeof(MofoEnvironment))),
        new("ML.NET", VersionOf(typeof(MLContext))),
        new("TorchSharp", VersionOf(typeof(torch))),
        new("OpenCvSharp", VersionOf(typeof(OpenCvSharp.Cv2))),
        new("ONNX Runtime (managed)", VersionOf(typeof(OrtEnv))),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("System", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)} processors"),
    ];

    private static string VersionOf(Type type)
    {
        var said = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{type.Assembly.GetName().Version}";
        return said.Split('+')[0];
    }
}
