using System.Text.RegularExpressions;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Docs;

/// <summary>The FAQ quotes messages that the library has, and names every kind of exception that it throws.</summary>
public sealed partial class FaqTests
{
    private static MarkdownPage Faq => new(Path.Combine(SourceTree.Root!, "docs", "faq.md"));

    [Fact]
    public void Every_message_that_the_faq_quotes_is_in_the_sources()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        string[] sources =
        [
            .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".cs" or ".targets" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Select(File.ReadAllText),
        ];
        var quoted = QuotedMessages().ToList();
        Assert.True(quoted.Count > 50, "The FAQ quotes fewer messages than there are kinds of them.");
        Assert.Equal([], quoted.Where(part => !sources.Any(source => source.Contains(part, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_faq_names_every_exception_of_the_library()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var own = new[] { typeof(VideoException).Assembly, typeof(WeightFileException).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsAssignableTo(typeof(Exception))).Select(type => type.Name);
        var thrown = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Thrown().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Except(["JsonException", "ArgumentNullException", "UsageException"]); // turned into others, a programmer's mistake, the command line's own
        var text = Faq.Text;
        Assert.Equal([], own.Concat(thrown).Distinct().Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    /// <summary>The code in the first column of the tables with messages, in its parts between the places that vary.</summary>
    private static IEnumerable<string> QuotedMessages()
    {
        var messages = false;
        foreach (var line in Faq.Text.Split('\n'))
        {
            if (line.StartsWith("| message", StringComparison.Ordinal) || line.StartsWith("| reason", StringComparison.Ordinal) || line.StartsWith("| found", StringComparison.Ordinal))
            {
                messages = true;
            }
            else if (!line.StartsWith('|'))
            {
                messages = false;
            }
            else if (messages)
            {
                foreach (var part in Code().Matches(line.Split(" | ")[0]).SelectMany(match => match.Groups[1].Value.Split('…')).Select(part => part.Trim(' ', '\'')))
                {
                    if (part.Length >= 10 && !part.StartsWith("error ", StringComparison.Ordinal) && !part.StartsWith("warning ", StringComparison.Ordinal))
                    {
                        yield return part;
                    }
                }
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"throw new (\w+Exception)\(")]
    private static partial Regex Thrown();
}
