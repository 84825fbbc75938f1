using System.Reflection;
using System.Runtime.InteropServices;

namespace Mofo.ML.Distributed.NativeLibraries;

/// <summary>Finds the MPI library of this machine for MPI.NET, which asks for Microsoft MPI by the name <c>msmpi.dll</c>.</summary>
/// <remarks>
/// Microsoft MPI has the binary interface of MPICH (MPICH ABI Compatibility Initiative), as have Intel MPI, MVAPICH2 and Cray MPICH: their library takes its place. Open MPI has another
/// interface (handles are pointers, not numbers), so it is refused by name.
/// </remarks>
internal static unsafe class MpiLibrary
{
    /// <summary>The name that MPI.NET imports.</summary>
    public const string ImportedName = "msmpi.dll";

    /// <summary>A library to load instead of those that are searched for.</summary>
    public const string PathVariable = "MOFO_MPI_LIBRARY";

    /// <summary>MPICH's own name on Debian and Ubuntu, then the name that the compatible libraries share.</summary>
    private static readonly string[] Names = ["libmpich.so.12", "libmpi.so.12", "libmpi_cray.so.12"];

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>Loads the library, and makes MPI.NET and this assembly use it.</summary>
    /// <exception cref="DllNotFoundException">There is none, or it is of another kind.</exception>
    public static void Use()
    {
        if (OperatingSystem.IsWindows() || Handle.IsValueCreated)
        {
            return;
        }

        _ = Handle.Value;
        NativeLibrary.SetDllImportResolver(typeof(MPI.Unsafe).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == ImportedName ? Handle.Value : NcclLibrary.Resolve(name);

    private static nint Load()
    {
        var asked = Environment.GetEnvironmentVariable(PathVariable);
        foreach (var name in string.IsNullOrEmpty(asked) ? Names : [asked])
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                RequireMpich(handle, name);
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"There is no MPI library ({(string.IsNullOrEmpty(asked) ? string.Join(", ", Names) : asked)}). Install MPICH (Debian, Ubuntu: apt-get install mpich) or load the module of Intel MPI, MVAPICH2 or Cray MPICH, or name its file in {PathVariable}.");
    }

    private static void RequireMpich(nint handle, string name)
    {
        if (!NativeLibrary.TryGetExport(handle, "MPI_Get_library_version", out var address))
        {
            throw new DllNotFoundException($"'{name}' is not an MPI library of version 3 or later: it has no MPI_Get_library_version.");
        }

        var text = stackalloc byte[8192];
        int length;
        _ = ((delegate* unmanaged<byte*, int*, int>)address)(text, &length);
        var version = new string((sbyte*)text).Split('\n')[0].Trim();
        if (version.Contains("Open MPI", StringComparison.OrdinalIgnoreCase))
        {
            throw OpenMpi($"'{name}' is {version}");
        }
    }

    /// <summary>What to say where Open MPI was found.</summary>
    /// <param name="found">How it was found.</param>
    public static DllNotFoundException OpenMpi(string found) => new(
        $"{found}. Mofo.ML needs an MPI with the binary interface of MPICH; Open MPI has another. Start the program with MPICH (Debian, Ubuntu: apt-get install mpich, then mpirun.mpich), Intel MPI, MVAPICH2 or Cray MPICH.");
}
