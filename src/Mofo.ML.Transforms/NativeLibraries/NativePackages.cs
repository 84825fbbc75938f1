using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Which packages bring the native libraries of this system to a program; the build files of the packages have the same table.</summary>
internal static class NativePackages
{
    /// <summary>The system and architecture of this process, e.g. <c>linux-x64</c>.</summary>
    public static string System { get; } = $"{Os()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>What to add to a program that has no OpenCV.</summary>
    public static string AdviceForOpenCv => (OpenCvPackage(System), HasLibtorch(System)) switch
    {
        (null, _) => NoPackage("OpenCV"),
        ({ } package, true) => $"Add the package {package}, or Mofo.ML.Cpu.{System} (OpenCV and libtorch), to the program's project.",
        ({ } package, false) => $"Add the package {package} to the program's project.",
    };

    /// <summary>What to add to a program that has no libtorch.</summary>
    public static string AdviceForLibtorch => !HasLibtorch(System)
        ? NoPackage("libtorch")
        : $"Add the package Mofo.ML.Cpu.{System}" + (OperatingSystem.IsMacOS() ? "" : $" (or Mofo.ML.Cuda.{System} for a GPU)") + " to the program's project.";

    private static string NoPackage(string library) =>
        $"There is no package with {library} for {System}; the systems are linux-x64, win-x64 and osx-arm64.";

    internal static bool HasLibtorch(string system) => system is "linux-x64" or "win-x64" or "osx-arm64";

    internal static string? OpenCvPackage(string system) => system switch
    {
        "linux-x64" => "OpenCvSharp4.official.runtime.linux-x64",
        "linux-arm64" => "OpenCvSharp4.runtime.linux-arm64",
        "win-x64" => "OpenCvSharp4.runtime.win",
        "osx-arm64" => "OpenCvSharp4.runtime.osx.arm64",
        "osx-x64" => "OpenCvSharp4.runtime.osx.x64",
        _ => null,
    };

    private static string Os() => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
}
