using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Docs;

/// <summary>Links between the pages of this checkout lead somewhere. Links to other sites are not followed: tests need no network.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages() => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_to_a_file_and_a_heading_that_exist(string name)
    {
        var page = new MarkdownPage(Path.Combine(SourceTree.Root!, name));
        Assert.Equal([], page.Links.Where(link => !External().IsMatch(link.Target)).Select(link => Problem(page, link.Line, link.Target)).OfType<string>());
    }

    [Fact]
    public void The_table_of_contents_names_every_page_of_the_documentation_once()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var docs = Path.Combine(SourceTree.Root, "docs");
        var listed = Href().Matches(File.ReadAllText(Path.Combine(docs, "toc.yml"))).Select(match => Path.GetFullPath(Path.Combine(docs, match.Groups[1].Value))).ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal([], listed.Where(file => !File.Exists(file)));
        var pages = MarkdownPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal) && page.Name is not ("docs/images/README.md" or "docs/site/index.md"));
        Assert.Empty(pages.Select(page => page.FullPath).Except(listed));
    }

    [Fact]
    public void Every_picture_of_the_documentation_is_shown_and_its_origin_is_told()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var images = Path.Combine(SourceTree.Root, "docs", "images");
        var shown = MarkdownPage.All
            .SelectMany(page => page.Links.Select(link => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.FullPath)!, link.Target.Split('#')[0]))))
            .ToHashSet(StringComparer.Ordinal);
        var origins = File.ReadAllText(Path.Combine(images, "README.md"));
        var pictures = Directory.GetFiles(images, "*.png");
        Assert.NotEmpty(pictures);
        Assert.Equal([], pictures.Where(picture => !shown.Contains(picture)));
        Assert.Equal([], pictures.Select(Path.GetFileName).Where(picture => !origins.Contains($"`{picture}`", StringComparison.Ordinal)));
    }

    private static string? Problem(MarkdownPage page, int line, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? page.FullPath : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.FullPath)!, Uri.UnescapeDataString(parts[0])));
        if (!File.Exists(file) && !Directory.Exists(file))
        {
            return Invariant($"{page.Name}, line {line}: there is no {target}");
        }

        var anchor = parts.ElementAtOrDefault(1);
        return anchor is null || !file.EndsWith(".md", StringComparison.Ordinal) || new MarkdownPage(file).Anchors.Contains(anchor)
            ? null
            : Invariant($"{page.Name}, line {line}: {parts[0]} has no heading #{anchor}");
    }

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex External();

    [GeneratedRegex(@"href:\s*(\S+)")]
    private static partial Regex Href();
}
