using System.Runtime.InteropServices;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.EndToEnd.Tests.NativeLibraries;

public sealed class OnnxRuntimeTelemetryTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("mofo-home-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void The_variable_is_set_where_native_code_looks_for_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The C library of Unix.");
        OnnxRuntimeTelemetry.SwitchOff();
        Assert.NotEqual("", Marshal.PtrToStringUTF8(GetVariable(OnnxRuntimeTelemetry.Variable)) ?? "");
    }

    [Fact]
    public void ONNX_Runtime_leaves_no_file_in_the_home_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Where the file lies is known for Linux.");

        // Without the variables that switch the events off by themselves.
        var run = SecondProcess.Start(
            "env", ["-u", "CI", "-u", OnnxRuntimeTelemetry.Variable, "-u", "XDG_CACHE_HOME", SecondProcess.Host, SecondProcess.Program, "onnx-runtime"],
            new Dictionary<string, string> { ["HOME"] = _home.FullName });
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Matches(@"^1\.\d+", run.Output);
        Assert.DoesNotContain(_home.EnumerateFiles("*", SearchOption.AllDirectories), file => file.FullName.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
    }

    [DllImport("libc", EntryPoint = "getenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
