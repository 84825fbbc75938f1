namespace Mofo.ML.Transforms.Files;

/// <summary>Follows symbolic links to the file that a path leads to.</summary>
/// <remarks>
/// <c>ResolveLinkTarget</c> of .NET takes the ".." of a relative link out of the text, which leads to another file where a folder before it is itself a link. Here every part is
/// followed as the system does.
/// </remarks>
internal static class LinkedPath
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>
    /// The full path of the file or folder that a path leads to, whether it is there or not. Of a path that is no link, or a link that leads nowhere because links form a circle, the path itself.
    /// </summary>
    public static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : Follow(full);
    }

    private static string Follow(string full)
    {
        var root = Path.GetPathRoot(full)!;
        var reached = root;
        var left = new Stack<string>();
        Push(full[root.Length..]);
        for (var links = 0; left.TryPop(out var part);)
        {
            var next = part switch
            {
                "" or "." => reached,
                ".." => Path.GetDirectoryName(reached) ?? reached,
                _ => Path.Combine(reached, part),
            };
            if (part is "" or "." or ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return full; // the system says so when it is opened
            }

            if (Path.IsPathRooted(target))
            {
                reached = Path.GetPathRoot(target)!;
                target = target[reached.Length..];
            }

            Push(target);
        }

        return reached;

        void Push(string parts)
        {
            foreach (var part in parts.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse())
            {
                left.Push(part);
            }
        }
    }
}
