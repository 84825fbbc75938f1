using System.Globalization;
using ActionRecognition.Rendering;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.EndToEnd.Tests.Cultures;

/// <summary>The culture of the program has no influence on what is written, read, trained or reported.</summary>
public sealed class CultureTests : IDisposable
{
    /// <summary>Dots and blanks between thousands, another casing of i, another minus sign, other digits and another calendar.</summary>
    private static readonly string[] Real = ["de-DE", "fr-FR", "tr-TR", "sv-SE", "ar-SA"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-culture-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_tests_run_under_the_chosen_culture()
    {
        var chosen = TestCulture.Chosen();
        Assert.Equal(chosen, CultureInfo.CurrentCulture);
        var elsewhere = CultureInfo.InvariantCulture;
        var thread = new Thread(() => elsewhere = CultureInfo.CurrentCulture);
        thread.Start();
        thread.Join();
        Assert.Equal(chosen, elsewhere);
    }

    [Fact]
    public void A_decimal_comma_changes_nothing()
    {
        var lines = Trace(new Dictionary<string, string>(), ["invariant", "comma"]);
        AssertAllEqual(lines);
        Assert.Equal("0.5 1.25", lines.Single(line => line is ["comma", "class keys", _])[2]);
        Assert.Contains(lines, line => line[1] == "message" && line[2].Contains("DropPath is -1.5;", StringComparison.Ordinal));
        Assert.Contains(lines, line => line[1] == "message" && line[2].Contains("rand-m7,5", StringComparison.Ordinal));
    }

    [Fact]
    public void No_real_culture_changes_anything()
    {
        var icu = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };
        var probe = SecondProcess.Start(SecondProcess.Host, [SecondProcess.Program, "culture", "fr-FR"], icu);
        Assert.SkipWhen(probe.Errors.Contains("ICU", StringComparison.Ordinal), "libicu is not installed, so there are no real cultures.");
        Assert.Equal("-0,5", probe.Output.Trim()); // else this test would compare the invariant culture with itself
        AssertAllEqual(Trace(icu, ["invariant", .. Real]));
    }

    private static void AssertAllEqual(IReadOnlyList<string[]> lines)
    {
        var expected = lines.Where(line => line[0] == "invariant").Select(line => line[1..]).ToList();
        Assert.True(expected.Count > 8, "The program said too little.");
        foreach (var culture in lines.GroupBy(line => line[0]))
        {
            Assert.Equal(expected, culture.Select(line => line[1..]));
        }
    }

    private List<string[]> Trace(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> cultures)
    {
        var data = Path.Combine(_folder.FullName, "data");
        RenderedDataSet.Ensure(data, new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 12 });
        var run = SecondProcess.Start(
            SecondProcess.Host, [SecondProcess.Program, "cultures", Path.Combine(data, "train.csv"), Path.Combine(_folder.FullName, "out"), .. cultures], environment);
        Assert.True(run.ExitCode == 0, run.Errors);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line.Length == 3).ToList();
        Assert.Equal(cultures, lines.Select(line => line[0]).Distinct());
        return lines;
    }
}
