using System.Text.RegularExpressions;
using Mofo.ML.EndToEnd.Tests.Serving;

namespace Mofo.ML.EndToEnd.Tests.Reliability;

/// <summary>The reliability campaign in small: every part of it does its work, and finds nothing.</summary>
public sealed class CampaignTests : IDisposable
{
    /// <summary>Parser and inputs of the small campaign.</summary>
    private static readonly Dictionary<string, int> Parsers = new()
    {
        ["list"] = 1000,
        ["box-json"] = 1000,
        ["safetensors"] = 1000,
        ["pickle"] = 1000,
        ["container"] = 1000,
        ["header"] = 1000,
        ["settings"] = 1000,
        ["onnx"] = 1000,
        ["model-zip"] = 1000,
        ["network-zip"] = 20,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-campaign-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_few_of_everything_find_nothing_and_are_not_done_twice()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The campaign's program lies in the source tree.");
        var run = Run("all", "--small", "--service", ServiceProcess.Program);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        foreach (var part in new[] { "videos: 40 ", "kills: 1 ", "soak: 100 ", "disk: " })
        {
            Assert.Contains("\n" + part, run.Output, StringComparison.Ordinal);
        }

        // Where disks can be mounted: one job on a full and on a read-only disk, and videos on a read-only one.
        Assert.Matches(@"\ndisk: (3 jobs on full and read-only disks, \d did without, \d refused, 0 findings|skipped, .+)\n", run.Output);

        // Inputs that are all refused at the first byte, or never, would try nothing.
        var tried = Regex.Matches(run.Output, @"\nfuzz (?<name>[a-z-]+): (?<inputs>\d+) inputs, (?<read>\d+) read, (?<refused>\d+) refused");
        Assert.Equal(Parsers.Select(parser => Invariant($"{parser.Key} {parser.Value}")), tried.Select(match => $"{match.Groups["name"].Value} {match.Groups["inputs"].Value}"));
        Assert.All(tried, match =>
        {
            Assert.NotEqual("0", match.Groups["read"].Value);
            Assert.Equal(match.Groups["name"].Value == "header", match.Groups["refused"].Value == "0"); // a damaged header is no error: it gives no size
        });
        Assert.Contains("| model-zip | 1,000 |", File.ReadAllText(Path.Combine(_folder.FullName, "summary.md")), StringComparison.Ordinal);

        // What is done is not done again: the second run says the same, to the figure of speed.
        Assert.Equal(Lines(run.Output), Lines(Run("fuzz", "--inputs", "1000").Output));

        // What was kept is of the inputs of one seed: another campaign needs another folder.
        foreach (var part in new string[][] { ["fuzz", "--inputs", "1000"], ["videos", "--count", "40"], ["kills", "--count", "1"], ["soak", "--requests", "100"], ["summary"] })
        {
            var other = Run([.. part, "--seed", "2"]);
            Assert.NotEqual(0, other.ExitCode);
            Assert.Contains("is of a campaign with the seed 1; continue that one, or choose another --out.", other.All, StringComparison.Ordinal);
        }
    }

    private SecondProcess.Result Run(params string[] command) => SecondProcess.Start(
        SecondProcess.Host,
        [SecondProcess.InOwnFolder("Mofo.ML.Reliability", "benchmarks", "Mofo.ML.Reliability"), .. command, "--out", _folder.FullName],
        new Dictionary<string, string>());

    private static IEnumerable<string> Lines(string output) => output.Split('\n').Where(line => line.StartsWith("fuzz ", StringComparison.Ordinal));
}
