using System.Text.RegularExpressions;
using Mofo.ML.EndToEnd.Tests.Serving;

namespace Mofo.ML.EndToEnd.Tests.Reliability;

/// <summary>The reliability campaign in small: every part of it does its work, and finds nothing.</summary>
public sealed class CampaignTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-campaign-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_few_of_everything_find_nothing_and_are_not_done_twice()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The campaign's program lies in the source tree.");
        var run = Run("all", "--small", "--service", Path.Combine(ServiceProcess.Folder, "ServeWithOnnx.dll"));
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        foreach (var part in new[] { "videos: 40 ", "kills: 1 ", "soak: 100 ", "fuzz list: 1000 ", "fuzz box-json: 1000 ", "fuzz safetensors: 1000 ", "fuzz pickle: 1000 ", "fuzz container: 1000 ", "fuzz model-zip: 1000 " })
        {
            Assert.Contains("\n" + part, run.Output, StringComparison.Ordinal);
        }

        // Inputs that are all refused at the first byte, or never, would try nothing.
        Assert.All(Regex.Matches(run.Output, @"fuzz (?<name>list|box-json|safetensors|pickle|container|model-zip): 1000 inputs, (?<read>\d+) read, (?<refused>\d+) refused"), match =>
        {
            Assert.NotEqual("0", match.Groups["read"].Value);
            Assert.NotEqual("0", match.Groups["refused"].Value);
        });
        Assert.Contains("| model-zip | 1,000 |", File.ReadAllText(Path.Combine(_folder.FullName, "summary.md")), StringComparison.Ordinal);

        // What is done is not done again: the second run says the same, to the figure of speed.
        Assert.Equal(Lines(run.Output), Lines(Run("fuzz", "--inputs", "1000").Output));
    }

    private SecondProcess.Result Run(params string[] command)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(SourceTree.Root!, "benchmarks", "Mofo.ML.Reliability", "bin", here.Parent!.Name, here.Name, "Mofo.ML.Reliability.dll");
        return SecondProcess.Start(SecondProcess.Host, [program, .. command, "--out", _folder.FullName], new Dictionary<string, string>());
    }

    private static IEnumerable<string> Lines(string output) => output.Split('\n').Where(line => line.StartsWith("fuzz ", StringComparison.Ordinal));
}
