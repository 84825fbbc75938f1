using System.Reflection;
using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.NativeLibraries;

/// <summary>Where a program's native files may lie: beside it, under runtimes/, in the package folders, where it was unpacked, or in a folder that the user names in LD_LIBRARY_PATH.</summary>
internal static class NativeFolders
{
    private const string SearchPath = "LD_LIBRARY_PATH";

    /// <summary>The folders that exist, in the order of the search.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly) => Of(assembly, Environment.GetEnvironmentVariable(SearchPath));

    /// <param name="assembly">The assembly whose calls go to the native files.</param>
    /// <param name="searchPath">Folders of the user's own, a colon between; searched last.</param>
    internal static IReadOnlyList<string> Of(Assembly assembly, string? searchPath)
    {
        // A plug-in's own folder comes before the host's; an assembly within a single file has no place of its own.
        var roots = new List<string>();
        if (!string.IsNullOrEmpty(assembly.Location))
        {
            roots.Add(Path.GetDirectoryName(assembly.Location)!);
        }

        roots.Add(AppContext.BaseDirectory);

        // What the host found for this program's packages (run from a build folder, published, or single-file unpacked).
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string searched)
        {
            roots.AddRange(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        }

        if (searchPath is not null)
        {
            roots.AddRange(searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        }

        var identifier = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return [.. roots
            .SelectMany(root => new[] { root, Path.Combine(root, "runtimes", identifier, "native") })
            .Select(Path.GetFullPath).Select(Path.TrimEndingDirectorySeparator).Distinct().Where(Directory.Exists)];
    }

    /// <summary>The first file of that name (or pattern) in the folders; null where there is none.</summary>
    public static string? Find(IReadOnlyList<string> folders, string pattern) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)).FirstOrDefault();
}
