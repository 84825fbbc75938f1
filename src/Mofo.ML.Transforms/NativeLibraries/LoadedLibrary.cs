using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>A library as glibc's loader keeps it in its list.</summary>
internal static partial class LoadedLibrary
{
    private const int LinkMapAsked = 2; // RTLD_DI_LINKMAP

    /// <summary>Where <c>struct link_map</c> of link.h has the name of the library: behind the address that it is loaded at.</summary>
    private static readonly int NameOffset = nint.Size;

    /// <summary>
    /// Lets the loader take a library that is loaded already for the file at another path: any caller that asks for that path afterwards, in whatever way, gets the
    /// loaded library, and the file there is not looked at.
    /// </summary>
    /// <remarks>
    /// dlopen compares the path that it is given with the names in its list before it opens a file. A plug-in host that resolves native libraries by itself
    /// asks for the original path, and there is no earlier place to answer it.
    /// </remarks>
    /// <param name="handle">From dlopen; never closed.</param>
    /// <param name="loadedFrom">The path that it was loaded from.</param>
    /// <param name="answersFor">The path that it is to be found under.</param>
    /// <returns>Whether that was possible: the C library is glibc, and its list looks as expected.</returns>
    public static bool TryRename(nint handle, string loadedFrom, string answersFor)
    {
        try
        {
            if (DescribeLibrary(handle, LinkMapAsked, out var entry) != 0 || Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry, NameOffset)) != loadedFrom)
            {
                return false;
            }

            // The name is the loader's to free, should the library ever be closed: on Unix this memory comes from malloc.
            Marshal.WriteIntPtr(entry, NameOffset, Marshal.StringToCoTaskMemUTF8(answersFor));
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DescribeLibrary(nint handle, int request, out nint entry);
}
