using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mofo.ML.Tests.Shared;

/// <summary>The golden figures of the original: folder from MOFO_GOLDEN, else shared/golden/dev beside the checkout.</summary>
/// <remarks>Tests that need it skip, saying so, when the folder or a part of it is absent.</remarks>
internal static class GoldenPack
{
    private static readonly string? Root = SharedFolder.Find("MOFO_GOLDEN", "golden/dev");

    /// <summary>Full path of a file or folder in the pack; skips the running test when it is absent.</summary>
    public static string PathOf(string relative)
    {
        Assert.SkipWhen(Root is null, "Golden pack absent: set MOFO_GOLDEN or put it at ../shared/golden/dev.");
        var path = Path.Combine(Root!, relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"This golden pack has no {relative}.");
        return path;
    }

    public static NpzFile Npz(string relative) => new(PathOf(relative));

    public static JsonNode Json(string relative) => JsonNode.Parse(File.ReadAllText(PathOf(relative)), documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!;
}

/// <summary>The real clips: folder from MOFO_VIDEOS, else shared/videos/dev beside the checkout.</summary>
internal static class RealVideos
{
    private static readonly string? Root = SharedFolder.Find("MOFO_VIDEOS", "videos/dev");

    public static bool Present => Root is not null;

    /// <summary>Full path of a clip or folder; skips the running test when it is absent.</summary>
    public static string PathOf(string relative)
    {
        Assert.SkipWhen(Root is null, "Real clips absent: set MOFO_VIDEOS or put them at ../shared/videos/dev.");
        var path = Path.Combine(Root!, relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"These real clips have no {relative}.");
        return path;
    }
}

internal static class SharedFolder
{
    public static string? Find(string variable, string relative)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set)
        {
            return Directory.Exists(set) ? Path.GetFullPath(set) : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mofo.ML.sln")))
            {
                var path = Path.Combine(folder.FullName, "..", "shared", relative);
                return Directory.Exists(path) ? Path.GetFullPath(path) : null;
            }
        }

        return null;
    }
}
