using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>
/// Makes the native halves of OpenCvSharp and TorchSharp load on systems where they do not load as they come (Debian 12, minimal
/// containers): no root, nothing installed. Where they load by themselves it is never asked.
/// </summary>
internal static class NativeLoader
{
    public const string OpenCv = "OpenCvSharpExtern";
    public const string Torch = "LibTorchSharp";

    /// <summary>
    /// Desktop libraries that OpenCV's window module and video acceleration ask for. This product opens no windows, and every
    /// reference to them is bound lazily, so their absence is harmless once the loader stops insisting.
    /// </summary>
    private static readonly string[] DesktopLibraries =
    [
        "libgtk-3.so", "libgdk-3.so", "libpango", "libatk", "libcairo", "libgdk_pixbuf", "libgio-2.0", "libgobject-2.0", "libglib-2.0",
        "libfreetype", "libharfbuzz", "libdrm", "libX11", "libatomic",
    ];

    /// <summary>What libLibTorchSharp.so needs from beside it, in order of dependence (CUDA builds have more).</summary>
    private static readonly string[] TorchLibraries =
        ["libgomp-*.so.*", "libcudart*.so*", "libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Loaded = [];
    private static readonly HashSet<AssemblyLoadContext> Contexts = [];

    /// <summary>Starts listening for native libraries that the ordinary search cannot load. Runs before any code of this assembly.</summary>
#pragma warning disable CA2255 // A library's module initialiser is the only hook that comes before every public entry point.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        if (OperatingSystem.IsLinux() && Listen(ContextOf(typeof(NativeLoader).Assembly)))
        {
            PrepareOpenCv();
        }
    }

    /// <summary>Does the same for an assembly that calls a native library.</summary>
    /// <param name="assembly">The assembly whose calls go to the library.</param>
    /// <param name="library"><see cref="OpenCv"/> or <see cref="Torch"/>.</param>
    internal static void Register(Assembly assembly, string library)
    {
        if (OperatingSystem.IsLinux() && Listen(ContextOf(assembly)))
        {
            Prepare(assembly, library);
        }
    }

    /// <summary>Loads a native library now, so that a program without it fails before any work starts.</summary>
    /// <param name="assembly">The assembly whose calls go to the library.</param>
    /// <param name="library"><see cref="OpenCv"/> or <see cref="Torch"/>.</param>
    /// <exception cref="DllNotFoundException">It is not among the program's files, or does not load on this system.</exception>
    internal static void Require(Assembly assembly, string library)
    {
        try
        {
            _ = NativeLibrary.Load(library, assembly, null);
        }
        catch (Exception e) when (!OperatingSystem.IsLinux() && e is DllNotFoundException or BadImageFormatException)
        {
            // On Linux the message comes from Load below.
            throw new DllNotFoundException($"The native library {library} does not load: {e.Message.TrimEnd('.')}. {Advice(library)}", e);
        }
    }

    private static AssemblyLoadContext ContextOf(Assembly assembly) => AssemblyLoadContext.GetLoadContext(assembly) ?? AssemblyLoadContext.Default;

    /// <summary>Listens in a context.</summary>
    /// <returns>Whether that is not enough: a context of a plug-in host looks for native libraries by itself first, and may throw where one does not load.</returns>
    private static bool Listen(AssemblyLoadContext context)
    {
        lock (Gate)
        {
            if (Contexts.Add(context))
            {
                context.ResolvingUnmanagedDll += (assembly, name) => Resolve(assembly, name);
            }
        }

        return context != AssemblyLoadContext.Default;
    }

    // In a method of its own, so that a program in the default context does not load OpenCvSharp before it uses it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PrepareOpenCv() => Prepare(typeof(OpenCvSharp.Cv2).Assembly, OpenCv);

    /// <summary>Loads a library ahead where the file does not load as it is, and has the system's loader answer with the patched copy when the host asks for the file.</summary>
    private static void Prepare(Assembly assembly, string library)
    {
        var folders = NativeFolders.Of(assembly);
        if (NativeFolders.Find(folders, $"lib{library}.so") is not { } file || NativeLibrary.TryLoad(file, out _))
        {
            return;
        }

        try
        {
            lock (Gate)
            {
                Loaded[library] = Load(library, folders, answersFor: file);
            }
        }
        catch (DllNotFoundException)
        {
            // Too early for an error: the program may never use the library. If it does, Require or the call itself says the same.
        }
    }

    /// <summary>Handle of a library that the ordinary search could not load; zero for libraries of others.</summary>
    private static nint Resolve(Assembly assembly, string name)
    {
        var library = name.Contains(OpenCv, StringComparison.Ordinal) ? OpenCv : name.Contains(Torch, StringComparison.Ordinal) ? Torch : null;
        if (library is null)
        {
            return 0;
        }

        lock (Gate)
        {
            if (!Loaded.TryGetValue(library, out var handle))
            {
                handle = Load(library, NativeFolders.Of(assembly));
                Loaded.Add(library, handle);
            }

            return handle;
        }
    }

    private static nint Load(string library, IReadOnlyList<string> folders, string? answersFor = null)
    {
        var file = NativeFolders.Find(folders, $"lib{library}.so") ?? throw new DllNotFoundException(
            $"The native library lib{library}.so is not among the program's files. {Advice(library)} Searched: {string.Join(", ", folders)}.");
        if (library == Torch)
        {
            LoadTorch(folders);
        }

        using var image = new MappedFile(file);
        var patches = Patch(new ElfImage(image.Memory));
        if (patches.Count == 0)
        {
            // Nothing known is wrong with it: let the system's own message say why it does not load.
            return NativeLibrary.Load(file);
        }

        try
        {
            var copy = PatchedCopyCache.ForUser().Keep(Path.GetFileName(file), image.Memory);
            var handle = NativeLibrary.Load(copy);
            if (answersFor is not null)
            {
                _ = LoadedLibrary.TryRename(handle, copy, answersFor);
            }

            return handle;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"{file} does not load on this system, nor does a copy patched for it ({string.Join("; ", patches)}): {e.Message} " +
                $"Set {PatchedCopyCache.FolderVariable} to a writable folder if the cache folder is the obstacle.", e);
        }
    }

    /// <summary>Changes the image in memory where this system does not have something that is not really used; says what was changed.</summary>
    internal static IReadOnlyList<string> Patch(ElfImage image)
    {
        var patches = new List<string>();
        foreach (var missing in image.Needed.Where(IsMissingDesktopLibrary))
        {
            image.IgnoreNeeded(missing);
            patches.Add($"without {missing}");
        }

        // libstdc++ of GCC 13 marks a library with this version for ios_base_library_init, which is never called here.
        const string runtime = "libstdc++.so.6", version = "GLIBCXX_3.4.32";
        if (image.StrongVersionsOf(runtime).Contains(version) && !SystemRuntime.HasSymbol(runtime, "_ZSt21ios_base_library_initv"))
        {
            image.WeakenVersion(runtime, version);
            patches.Add($"{version} of {runtime} made optional");
        }

        return patches;
    }

    private static string Advice(string library) => library == OpenCv ? NativePackages.AdviceForOpenCv : NativePackages.AdviceForLibtorch;

    private static bool IsMissingDesktopLibrary(string name) =>
        DesktopLibraries.Any(known => name.StartsWith(known, StringComparison.Ordinal)) && !NativeLibrary.TryLoad(name, out _);

    private static void LoadTorch(IReadOnlyList<string> folders)
    {
        foreach (var pattern in TorchLibraries)
        {
            if (NativeFolders.Find(folders, pattern) is { } file)
            {
                NativeLibrary.Load(file);
            }
            else if (pattern is "libc10.so" or "libtorch_cpu.so" or "libtorch.so")
            {
                throw new DllNotFoundException(
                    $"The native library {pattern} is not among the program's files. {NativePackages.AdviceForLibtorch} Searched: {string.Join(", ", folders)}.");
            }
        }
    }

    private static class SystemRuntime
    {
        public static bool HasSymbol(string library, string symbol) =>
            NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, symbol, out _);
    }
}
