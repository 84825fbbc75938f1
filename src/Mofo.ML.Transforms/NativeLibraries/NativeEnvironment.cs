using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Environment variables as native libraries see them.</summary>
/// <remarks>They ask the C library, which on Unix does not see what .NET's <see cref="Environment"/> sets.</remarks>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for native code of this process; what the user has set stays.</summary>
    /// <returns>Whether it was set.</returns>
    public static bool SetIfMissing(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(name, value);
            return true;
        }

        return SetVariable(name, value, overwrite: 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
