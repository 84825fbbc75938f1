using System.Globalization;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Cli.Tests;

/// <summary>The commands of docs/command-line.md run as they stand there, in their order, on rendered clips and with a smaller network.</summary>
public sealed class DocumentedCommandsTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private static readonly string[] Files = ["clips", "train.csv", "test.csv", "classes.txt", "drawn", "rebuilt", "explained"];

    [Fact]
    public void Every_command_of_the_page_works()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "command-line.md"));
        var commands = page.Split("```bash\n")[1..].SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.StartsWith("mofo ", StringComparison.Ordinal)).ToList();
        Assert.InRange(commands.Count, 12, 100);
        foreach (var command in commands)
        {
            var outcome = Tool.Run([.. command.Split(' ')[1..].Select(InFolder), .. Smaller(command)]);
            Assert.True(outcome.ExitCode == 0, $"{command}\n{outcome.Errors}");
        }
    }

    [Fact]
    public void Every_command_of_the_program_is_in_its_table()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "command-line.md"));
        Assert.All(CommandLineTests.Commands, row => Assert.Contains($"\n| `{row.Data}` |", page));
    }

    private string InFolder(string word) => Files.Contains(word) || (word.Contains('.', StringComparison.Ordinal) && !word.StartsWith('-') && !double.TryParse(word, CultureInfo.InvariantCulture, out _)) || word.StartsWith("runs/", StringComparison.Ordinal) ? clips.PathOf(word) : word;

    private static string[] Smaller(string command) => command.Contains("--config", StringComparison.Ordinal) ? []
        : command.StartsWith("mofo pretrain", StringComparison.Ordinal) ? ["--model", ClipFolder.TinyNetwork, "--epochs", "1"]
        : command.StartsWith("mofo finetune", StringComparison.Ordinal) ? ["--model", ClipFolder.TinyNetwork, "--epochs", "1", "--use-built-in-weights=false"]
        : [];
}
