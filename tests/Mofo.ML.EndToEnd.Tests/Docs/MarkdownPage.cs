using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Docs;

/// <summary>A page of the documentation: its links, its headings, its blocks of C#.</summary>
internal sealed partial class MarkdownPage
{
    /// <summary>Stands on a page whose C# blocks, one after the other, are one program.</summary>
    public const string OneProgram = "<!-- The C# blocks of this page are one program. -->";

    private readonly string[] _lines;

    public MarkdownPage(string path) => (FullPath, _lines) = (path, File.ReadAllLines(path));

    /// <summary>All pages of the checkout, without those that a build or a run has written.</summary>
    public static IEnumerable<MarkdownPage> All => SourceTree.Root is not { } root
        ? []
        : Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "results" or "artifacts" or "_site" or "node_modules"))
            .Order(StringComparer.Ordinal)
            .Select(file => new MarkdownPage(file));

    public string FullPath { get; }

    public string Name => Path.GetRelativePath(SourceTree.Root!, FullPath).Replace('\\', '/');

    public string Text => string.Join('\n', _lines);

    public bool IsOneProgram => _lines.Contains(OneProgram);

    /// <summary>Targets of links and pictures outside of code, with their lines.</summary>
    public IEnumerable<(int Line, string Target)> Links =>
        from line in Prose
        from match in Link().Matches(InlineCode().Replace(line.Text, ""))
        select (line.Number, match.Groups["target"].Value);

    /// <summary>Anchors of the headings, as GitHub and docfx make them: of equal headings the second gets -1.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, text) in Prose.Where(line => Heading().IsMatch(line.Text)))
            {
                var anchor = AnchorOf(Heading().Replace(text, ""));
                for (var (i, name) = (0, anchor); !anchors.Add(name); name = Invariant($"{anchor}-{++i}"))
                {
                }
            }

            return anchors;
        }
    }

    /// <summary>The fenced blocks marked csharp and the line (from 1) where each begins.</summary>
    public IEnumerable<(int Line, string Code)> CSharpBlocks
    {
        get
        {
            for (var i = 0; i < _lines.Length; i++)
            {
                if (_lines[i].TrimStart() == "```csharp")
                {
                    var end = Array.FindIndex(_lines, i + 1, line => line.TrimStart() == "```");
                    yield return (i + 1, string.Join('\n', _lines[(i + 1)..end]));
                    i = end;
                }
            }
        }
    }

    /// <summary>The lines outside of fenced blocks, with their numbers.</summary>
    private IEnumerable<(int Number, string Text)> Prose
    {
        get
        {
            var fenced = false;
            for (var i = 0; i < _lines.Length; i++)
            {
                var fence = _lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
                if (!fenced && !fence)
                {
                    yield return (i + 1, _lines[i]);
                }

                fenced ^= fence;
            }
        }
    }

    private static string AnchorOf(string heading) => NotInAnchors().Replace(LinkText().Replace(heading, "$1").Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"(?<=\]\()(?<target>[^)\s]+)(?=\))")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_\- ]")]
    private static partial Regex NotInAnchors();
}
