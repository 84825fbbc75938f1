using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>No program of ours empties a model before the new one is whole.</summary>
public sealed partial class AtomicSavingTests
{
    [Fact]
    public void Commands_examples_and_samples_save_models_as_a_whole()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var files = new[] { "src", "examples", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, file => File.ReadAllText(file).Contains(".Model.SaveMofoModel(", StringComparison.Ordinal));
        Assert.Equal([], files.Where(file => InPlace().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(SourceTree.Root, file)));
    }

    [GeneratedRegex(@"\.Model\s*\.Save\(", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex InPlace();
}
