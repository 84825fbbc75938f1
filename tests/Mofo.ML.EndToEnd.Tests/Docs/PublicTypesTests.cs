using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Docs;

/// <summary>A type is public because somebody needs its name: each is in an example or on a page of the documentation.</summary>
public sealed class PublicTypesTests
{
    /// <summary>Types that the documentation does not name, and why they are public.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["VideoStageOptions"] = "holds the settings that the options of three stages share",
    };

    private static readonly Type[] Types =
        [.. new[] { typeof(Mofo.ML.Transforms.MotionBox), typeof(Mofo.ML.Trainers.VitConfig) }.SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => !type.IsNested)];

    /// <summary>Those of ML.NET's namespace hold extension methods, which are named instead.</summary>
    private static readonly Type[] Named = [.. Types.Where(type => type.Namespace != "Microsoft.ML")];

    [Fact]
    public void Every_public_type_is_named_in_the_documentation_or_an_example_or_has_a_reason()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var words = Words(SourceTree.Root);
        Assert.DoesNotContain(Named.Select(NameOf), name => !words.Contains(name) && !Reasons.ContainsKey(name));
    }

    [Fact]
    public void Every_public_extension_method_is_named_in_the_documentation()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var words = Words(SourceTree.Root);
        var methods = Types.Where(type => type.Namespace == "Microsoft.ML").SelectMany(type => type.GetMethods()).Where(method => method.IsStatic);
        Assert.All(methods.Where(method => !method.IsDefined(typeof(ObsoleteAttribute), inherit: false)), method => Assert.Contains(method.Name, words));
    }

    [Fact]
    public void No_reason_is_left_over() => Assert.Empty(Reasons.Keys.Except(Types.Select(NameOf)));

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static HashSet<string> Words(string root)
    {
        var files = new[] { "docs", "examples", "samples" }.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(root, "*.md").Where(file => Path.GetFileName(file) is not "CHANGELOG.md" and not "CONTRIBUTING.md"))
            .Where(file => Path.GetExtension(file) is ".md" or ".cs" && !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));
        return [.. files.SelectMany(file => Regex.Matches(File.ReadAllText(file), "[A-Za-z_][A-Za-z0-9_]*").Select(match => match.Value))];
    }
}
