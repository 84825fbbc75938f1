using System.Runtime.InteropServices;

namespace Mofo.ML.Trainers.Tests.NativeLibraries;

public sealed partial class ThreadWaitingTests
{
    [Fact]
    public void Native_code_sees_threads_told_to_sleep_unless_the_user_has_chosen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The C library's variables are read by Linux's name for it.");
        _ = VitConfig.Micro; // the library is loaded
        var chosen = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY");
        var spins = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT");
        var seen = Marshal.PtrToStringUTF8(GetVariable("OMP_WAIT_POLICY"));
        Assert.Equal(chosen ?? (spins is null ? "PASSIVE" : null), seen);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetVariable(string name);
}
