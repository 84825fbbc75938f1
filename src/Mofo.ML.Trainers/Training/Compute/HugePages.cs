using System.Runtime.InteropServices;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Has the kernel back the heap of tensors with pages of 2 MiB in place of 4 KiB, where it does so on request.</summary>
/// <remarks>
/// The kernel provides a page when it is touched for the first time. Loading a ViT-B touches a gigabyte: 250,000 pages of 4 KiB, and on some virtual machines each takes ten microseconds (benchmarks/RESULTS.md).
/// Many distributions provide huge pages only on request (<c>/sys/kernel/mm/transparent_hugepage/enabled</c> is <c>madvise</c>). This extends the heap once by addresses that have no memory yet, and makes the
/// request for them. It applies to the heap of the first thread, and needs <see cref="HeapRetention"/>: without it the heap would shrink again at once.
/// </remarks>
internal static partial class HugePages
{
    /// <summary>Pieces are below the size that <see cref="HeapRetention"/> leaves to the heap, and together below the size at which a heap shrinks.</summary>
    private const int PieceBytes = 896 << 20;
    private const int Pieces = 2;
    private const long PageBytes = 2 << 20;

    /// <summary>MADV_HUGEPAGE of madvise(2).</summary>
    private const int Advice = 14;

    /// <summary>Extends the heap and makes the request.</summary>
    /// <returns>Whether the kernel accepted it; where huge pages are off it accepts and does nothing.</returns>
    public static bool Request()
    {
        Span<nint> pieces = stackalloc nint[Pieces];
        try
        {
            var accepted = true;
            foreach (ref var piece in pieces)
            {
                piece = Allocate(PieceBytes);
                accepted &= piece != 0 && Advise(piece);
            }

            return accepted;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
        finally
        {
            foreach (var piece in pieces)
            {
                if (piece != 0)
                {
                    Free(piece);
                }
            }
        }
    }

    private static bool Advise(nint piece)
    {
        var first = (piece + PageBytes - 1) / PageBytes * PageBytes;
        var end = (piece + PieceBytes) / PageBytes * PageBytes;
        return Advise((nint)first, (nuint)(end - first), Advice) == 0;
    }

    [LibraryImport("libc", EntryPoint = "malloc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Allocate(nuint size);

    [LibraryImport("libc", EntryPoint = "free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Free(nint block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint start, nuint length, int advice);
}
