namespace Mofo.ML.EndToEnd.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The folder of the solution, or null where the tests run away from their sources.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Mofo.ML.sln")))
        {
            root = root.Parent;
        }

        return root?.FullName;
    }
}
