using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mofo.ML.Distributed.NativeLibraries;

/// <summary>NVIDIA's library for exchange between GPUs, by its C interface (nccl.h of version 2.10 and later), and the little of CUDA's runtime that it needs.</summary>
internal static partial class NcclLibrary
{
    public const string Nccl = "libnccl.so.2";
    public const int Float32 = 7; // ncclFloat32
    public const int BFloat16 = 9; // ncclBfloat16, since 2.10
    public const int Sum = 0; // ncclSum

    private const string Runtime = "cudart";

    private static readonly string[] Runtimes = ["libcudart.so.13", "libcudart.so.12", "libcudart.so"];

    /// <summary>Whether both libraries can be loaded here.</summary>
    public static bool IsThere => NativeLibrary.TryLoad(Nccl, out _) && Array.Exists(Runtimes, name => NativeLibrary.TryLoad(name, out _));

    /// <summary>CUDA's runtime under whichever name it has; 0 for other libraries.</summary>
    public static nint Resolve(string name)
    {
        nint handle = 0;
        _ = name == Runtime && Array.Exists(Runtimes, candidate => NativeLibrary.TryLoad(candidate, out handle));
        return handle;
    }

    [LibraryImport(Nccl, EntryPoint = "ncclGetUniqueId")]
    public static partial int GetUniqueId(out UniqueId id);

    [LibraryImport(Nccl, EntryPoint = "ncclCommInitRank")]
    public static partial int CommInitRank(out nint communicator, int ranks, UniqueId id, int rank);

    [LibraryImport(Nccl, EntryPoint = "ncclAllReduce")]
    public static partial int AllReduce(nint send, nint receive, nuint count, int type, int operation, nint communicator, nint stream);

    [LibraryImport(Nccl, EntryPoint = "ncclCommDestroy")]
    public static partial int CommDestroy(nint communicator);

    [LibraryImport(Nccl, EntryPoint = "ncclGetErrorString")]
    public static partial nint GetErrorString(int code);

    [LibraryImport(Runtime, EntryPoint = "cudaSetDevice")]
    public static partial int SetDevice(int device);

    /// <summary>Address of a tensor's values on its device. TorchSharp's own members give addresses of memory alone.</summary>
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    public static partial nint TensorAddress(nint tensor);

    /// <summary>What all ranks of a communicator share.</summary>
    [InlineArray(128)]
    internal struct UniqueId
    {
        private byte _first;
    }
}
