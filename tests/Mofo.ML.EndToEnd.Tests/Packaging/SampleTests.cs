using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActionRecognition.Rendering;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>The programs in <c>samples/</c>, copied to a folder of their own and started as a user starts them: from packages, without this checkout.</summary>
[Collection(nameof(LocalFeed))]
public sealed partial class SampleTests(LocalFeed feed)
{
    public static TheoryData<string> Samples() => SourceTree.Root is not { } root ? [] : [.. Directory.GetFiles(Path.Combine(root, "samples"), "*.cs").Select(file => Path.GetFileName(file))];

    [Fact]
    public void Finetuning_predicting_and_scoring_by_ONNX_Runtime_follow_one_another()
    {
        var folder = Folder("samples-finetune");
        var clip = Directory.GetFiles(Path.Combine(folder, "clips"), "*", SearchOption.AllDirectories)[0];
        var trained = Run(folder, "finetune.cs", "clips", "mofo.zip", "1");
        Assert.Contains("epoch 1 of 1: loss ", trained);
        Assert.Matches(@"top-1 \d\.\d{3} on clips that were held back", trained);

        var predicted = Assert.Single(Run(folder, "predict.cs", "mofo.zip", clip).Trim().Split('\n'));
        var label = Predicted().Match(predicted).Groups[1].Value;
        Assert.Contains(label, Directory.GetDirectories(Path.Combine(folder, "clips")).Select(Path.GetFileName));
        Assert.Equal($"{clip}: {label}", Run(folder, "onnx.cs", "mofo.zip", "model.onnx", clip).Trim()[..$"{clip}: {label}".Length]);
        Assert.True(File.Exists(Path.Combine(folder, "model.onnx")));
    }

    [Fact]
    public void Pretraining_takes_a_list_without_labels()
    {
        var folder = Folder("samples-pretrain");
        File.WriteAllLines(Path.Combine(folder, "unlabelled.txt"), Directory.GetFiles(Path.Combine(folder, "clips"), "*", SearchOption.AllDirectories));
        Assert.Contains("epoch 1 of 1: loss ", Run(folder, "pretrain.cs", "unlabelled.txt", "pretrained.zip", "1"));
        Assert.True(File.Exists(Path.Combine(folder, "pretrained.zip")));
    }

    [Fact]
    public void LightGBM_learns_from_the_features()
    {
        var folder = Folder("samples-features");
        Assert.Matches(@"top-1 \d\.\d{3} on clips that were held back", Run(folder, "features-lightgbm.cs", "clips"));
    }

    [Fact]
    public void The_search_finds_as_many_clips_as_were_asked_for_and_never_the_clip_itself()
    {
        var folder = Folder("samples-search");
        var clip = Directory.GetFiles(Path.Combine(folder, "clips"), "*", SearchOption.AllDirectories)[0];
        var found = Run(folder, "search.cs", "clips", clip, "3").Trim().Split('\n');
        Assert.Equal(3, found.Length);
        Assert.DoesNotContain(found, line => line.Contains(Path.GetFileName(clip), StringComparison.Ordinal) && line.Contains(Path.GetFileName(Path.GetDirectoryName(clip)!), StringComparison.Ordinal));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public void A_sample_names_the_version_of_this_checkout_and_stands_on_the_page(string name)
    {
        var samples = Path.Combine(SourceTree.Root!, "samples");
        var version = XDocument.Load(Path.Combine(SourceTree.Root!, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal($"#:package Mofo.ML.Cpu.linux-x64@{version}", File.ReadLines(Path.Combine(samples, name)).First());
        Assert.Contains($"[{name}]({name})", File.ReadAllText(Path.Combine(samples, "README.md")), StringComparison.Ordinal);
    }

    private string Run(string folder, string sample, params string[] arguments) => feed.Succeed(folder, ["run", sample, "--", .. arguments]);

    /// <summary>A folder with the samples, which name the packages of this checkout, and with clips in one folder per class.</summary>
    private string Folder(string name)
    {
        var folder = feed.NewFolder(name);
        foreach (var sample in Directory.GetFiles(Path.Combine(SourceTree.Root!, "samples"), "*.cs"))
        {
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(sample)), Package().Replace(File.ReadAllText(sample), $"#:package {LocalFeed.MetaPackage}@{feed.Version}"));
        }

        var rendered = Path.Combine(folder, "rendered");
        RenderedDataSet.Ensure(rendered, new DataSetOptions { TrainClipsPerClass = 3, TestClipsPerClass = 1, Frames = 16 });
        var classes = File.ReadAllLines(Path.Combine(rendered, "classes.txt"));
        foreach (var line in File.ReadLines(Path.Combine(rendered, "train.csv")).Select(line => line.Split(' ')))
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, "clips", classes[int.Parse(line[1])])).FullName;
            File.Move(Path.Combine(rendered, line[0]), Path.Combine(target, Path.GetFileName(line[0])));
        }

        Directory.Delete(rendered, recursive: true);
        return folder;
    }

    [GeneratedRegex(@"#:package Mofo\.ML\.Cpu\.linux-x64@\S+")]
    private static partial Regex Package();

    [GeneratedRegex(@": (.+?) \(")]
    private static partial Regex Predicted();
}
