using System.Runtime.InteropServices;

namespace Mofo.ML.Distributed.NativeLibraries;

/// <summary>The collective operations that begin and do not wait (MPI 3.0, chapter 5.12), which MPI.NET does not have.</summary>
/// <remarks>Handles are numbers, as in the binary interface of MPICH.</remarks>
internal static partial class MpiCollectives
{
    [LibraryImport(MpiLibrary.ImportedName, EntryPoint = "MPI_Iallreduce")]
    public static partial int Iallreduce(nint send, nint receive, int count, int type, int operation, int communicator, out int request);

    [LibraryImport(MpiLibrary.ImportedName, EntryPoint = "MPI_Ibcast")]
    public static partial int Ibcast(nint buffer, int count, int type, int root, int communicator, out int request);

    [LibraryImport(MpiLibrary.ImportedName, EntryPoint = "MPI_Ibarrier")]
    public static partial int Ibarrier(int communicator, out int request);

    [LibraryImport(MpiLibrary.ImportedName, EntryPoint = "MPI_Ialltoall")]
    public static partial int Ialltoall(nint send, int sendCount, int sendType, nint receive, int receiveCount, int receiveType, int communicator, out int request);

    [LibraryImport(MpiLibrary.ImportedName, EntryPoint = "MPI_Iallgather")]
    public static partial int Iallgather(nint send, int sendCount, int sendType, nint receive, int receiveCount, int receiveType, int communicator, out int request);
}
