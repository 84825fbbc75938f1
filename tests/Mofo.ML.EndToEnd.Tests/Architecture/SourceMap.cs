using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>Where types are declared, and the map of the folders in CONTRIBUTING.md.</summary>
internal sealed partial class SourceMap
{
    /// <summary>Types that stand directly in a project's folder: what all folders may use.</summary>
    public const string Shared = "(shared)";

    /// <summary>Static classes directly in a project's folder: what no folder may use.</summary>
    public const string Entries = "(entries)";

    private readonly Dictionary<string, string> _folders = [];

    public SourceMap(string root, string project)
    {
        var folder = Path.Combine(root, "src", project);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is "obj" or "bin")
            {
                continue;
            }

            var text = File.ReadAllText(file);
            var space = Namespace().Match(text).Groups[1].Value;
            foreach (Match type in Declaration().Matches(text))
            {
                var top = type.Groups["modifiers"].Value.Contains("static", StringComparison.Ordinal) ? Entries : Shared;
                _folders[$"{space}.{type.Groups["name"].Value}"] = parts.Length == 1 ? top : parts[0];
            }
        }

        Folders = [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => name is not "obj" and not "bin" and not "buildTransitive")];
        Layers = [Shared, .. Map(root, project), Entries];
    }

    /// <summary>The folders that are there.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>The folders as the map has them: each uses only those before it.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>The folder of a type (full name without arity); null for a type that no source declares.</summary>
    public string? FolderOf(string type) => _folders.GetValueOrDefault(type);

    /// <summary>The first column of the table under the heading that names the project.</summary>
    private static IEnumerable<string> Map(string root, string project) => File.ReadLines(Path.Combine(root, "CONTRIBUTING.md"))
        .SkipWhile(line => line != $"### src/{project}").Skip(1).TakeWhile(line => !line.StartsWith('#'))
        .Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups[1].Value);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?<modifiers>(?:public|internal)[\w ]*?) (?:record struct|record|class|struct|interface|enum|delegate [\w<>\[\]?]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\| `(\w+)` \|")]
    private static partial Regex Row();
}
